"""Channels to the world outside, as `ports.Notifier`.

    secret      the URL of a channel, from an environment variable or a file
    deadline    an end to whatever takes too long
    webhook     a POST of JSON
    apprise     Slack, Microsoft Teams, e-mail and the rest, by the library of that name

Topics of SNS are in `aws.sns`. The URLs are secrets: no message, log or exception shows one, nor what a server
answered, which may repeat it. So failures are described in words of our own.
"""
