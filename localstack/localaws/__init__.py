"""A local AWS: moto behind a reverse proxy, with an EKS of its own and AWS's rules where moto is lax."""
