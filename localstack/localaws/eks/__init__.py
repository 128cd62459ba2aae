"""EKS: every operation is one function, found by the operation's name."""
