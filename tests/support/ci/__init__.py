"""Services that run recipes, small: enough of GitHub and GitLab to run the very steps that stand in `samples/ci`."""
