"""Kubernetes: a kube-apiserver behind every cluster of the local EKS, where that is asked for."""
