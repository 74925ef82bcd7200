"""Text, addresses and Markdown from outside, made safe to store and to show."""
