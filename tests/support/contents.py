"""Contents of history files for hypothesis: any bytes, and what shells may have written."""

from hypothesis import strategies as st

from backend.histfiles.formats import TEXT

FORMATS = st.sampled_from(sorted(TEXT))

# Bytes that mean something to a format, over-represented.
PIECES = [
    b"\n", b"\\", b"\\\n", b" ", b"\r", b"\0", b": 1700000000:5;", b"\\:", b"#1700000000\n",
    b"#1700000001", b"- cmd: ", b"  when: 1700000000\n", b"  paths:\n", b"\\n", b"\x83\xa3",
    b"\x83 ", b"\x83", "у ".encode(), b"\xff", b"ls", b"a", b"curl -u me:Hunter2xyz a\n",
    b"mysql -pHunter2xyz", b"PASSWORD='a\\\nb'", b"a\n" * 257,
]  # fmt: skip
content = st.lists(st.sampled_from(PIECES) | st.binary(max_size=3)).map(b"".join)

# Text of commands, and starts, as shells may write them.
text = st.text(
    st.sampled_from(" \\\n:;#'\"axу\u0383é\r€-$=") | st.characters(codec="utf-8"), min_size=1
).filter(lambda command: command.strip() and "\0" not in command)
password = st.text(st.sampled_from("aB3xZ9у€\\\n !"), min_size=6).filter(str.strip)
secret = st.builds(
    lambda before, value, after: f"{before}\ncurl -u 'me:{value}' https://a.b{after}",
    text,
    password,
    text,
)
entries = st.lists(st.tuples(text | secret, st.integers(10**9, 2 * 10**9)), max_size=8)
