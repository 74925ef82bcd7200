"""How a list is shared: by share links, and with members."""
