"""The hand-off rooms: queues, packets, My day, the weekly review."""
