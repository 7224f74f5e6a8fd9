"""Durable jobs: written in the bank with the data they belong to, carried out by DBOS workflows in a worker process."""
