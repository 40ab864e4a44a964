"""What a person does about it, on the screen: the menu, the last look, the run, what is on."""
