"""Side by side with peers, in one run: `make bench`, or `python -m benchmarks [NAME ...] [--json FILE] [--quick]`.

Every figure is the median of several rounds. What is compared takes turns (ours, peer, ours, peer, ...), each in a process of its
own, so that a busy moment of the machine hits both and the settings of one do not touch the other.
"""
