"""The whole machine as one picture: every block of Figure 1 with the tensors of the sentence; it writes, unfolds and leads to every page.

`blocks` says which blocks there are, `packed` makes their numbers small enough to send, `inside` opens one of them, `picture` shows
the machine large, and `ui.frame.little_machine` small beside every page. The drawing itself is `ui/assets/machine_*.js`.
"""
