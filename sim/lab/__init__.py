"""The lab: a page on which one person changes numbers and terms and sees at once how every actor answers."""
