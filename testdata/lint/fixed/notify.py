#!/usr/bin/env python3
"""Example: xmpps://alice:p@ss@example.com/bob"""
import os

USER, PW = "alice", os.environ["PW"]
URL = f"xmpps://{USER}:{PW}@example.com/bob?name=py"
OLD = "xmpps://%s:%s@example.com/bob" % (USER, PW)
FORMAT = "xmpps://alice:p%%40ss@example.com/%s" % "bob"
NEW = "xmpps://{}:{pw}@example.com/bob?verify=yes".format(USER, pw=PW)
RAW = r'xmpps://alice:p%40ss@example.com/bob'
# apprise.add("xmpps://alice:p@ss@example.com")
app.add("xmpps://alice:p%40ss@example.com/bob", tag='x')
LONG = """
xmpps://alice:p%40ss@example.com/bob
"""
