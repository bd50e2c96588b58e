"""Reading hand-offs: packets, receivers, queues, quality."""
