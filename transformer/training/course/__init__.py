"""The course of a training, whatever learns: step by step, and with its folder. The other systems train through it, too."""
