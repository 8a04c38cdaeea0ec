"""The template language: Apache Velocity 1.7, as API Gateway runs it."""
