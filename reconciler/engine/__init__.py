"""What the commands do, as functions over ports.

Promise: a workflow takes ports and plain values, and gives one result object from which both the report and the exit
code derive. It prints nothing, asks nothing of the terminal, and knows neither boto3 nor the file system. There is no
dry run: a plan is a plan because nobody calls `apply`.
"""
