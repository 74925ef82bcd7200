"""The REST API of lists: lists themselves, and what stands under one."""
