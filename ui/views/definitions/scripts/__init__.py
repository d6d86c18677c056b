"""The editor of talk scripts and mail templates: what is written, drawn as steps, tried on a real lead."""
