"""The call workspace: header, script, questions, memo and outcome bar, and what coordinates them."""
