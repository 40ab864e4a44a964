"""The incident on the screen: its line in the header, its reminders, its dialogs."""
