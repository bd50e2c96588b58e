"""The pure core: decides, without a framework, a clock, randomness or I/O."""
