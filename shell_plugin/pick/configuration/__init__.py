"""The table [picker] of config.toml: read once after each change, and kept for the next key press.

read        the settings as they were kept, or read anew; what they are when nothing is set
check       what may stand there, and what it comes to; the doctor asks here, too
background  light or dark, for the theme that follows the terminal
keynames    keys as people and the shells write them
themes      named themes, and styles as people write them
"""
