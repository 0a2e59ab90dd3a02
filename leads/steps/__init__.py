"""What a person does with a lead: the table of steps, moves, deadlines and looks."""
