"""What a person does about it: leads, their states, deadlines and history."""
