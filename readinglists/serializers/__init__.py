"""What the schema says of lists and their parts, and what can be sent of them."""
