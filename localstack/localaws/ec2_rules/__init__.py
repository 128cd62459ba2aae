"""EC2's rules, a file per family; importing them registers them."""
