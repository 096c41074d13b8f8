"""What a rehearsal does, step by step, and how each step is judged."""
