"""What leaves the warehouse for people: it reads the marts, and computes nothing."""
