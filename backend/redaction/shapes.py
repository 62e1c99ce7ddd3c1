"""Secrets that can be told by their own shape, wherever they stand in a text.

Standard library only. Shapes are those that the providers document, or that GitHub's secret
scanning and gitleaks list; all patterns take linear time.
"""

import re
from collections.abc import Iterator

from backend.redaction.names import is_value

Span = tuple[int, int, str]

# kind, a text that must occur (checked first: it is far cheaper), and the shape. No shape may
# begin inside a word, so a long run of its letters is looked at once.
_SHAPES = (
    ("aws key", "AKIA", r"AKIA[0-9A-Z]{16,20}(?![0-9A-Z])"),
    ("aws key", "ASIA", r"ASIA[0-9A-Z]{16,20}(?![0-9A-Z])"),
    ("github token", "gh", r"gh[pousr]_[A-Za-z0-9]{30,255}"),
    ("github token", "github_pat_", r"github_pat_[A-Za-z0-9_]{40,255}"),
    ("gitlab token", "gl", r"gl(?:pat|ptt|rt|dt|cbt|ft|soat|agent|imt|oas|ffct)-[\w.-]{20,255}"),
    ("slack token", "xox", r"xox[a-z]-[\w-]{10,255}"),
    ("slack token", "xapp-", r"xapp-\d-[\w-]{20,255}"),
    ("stripe key", "_live_", r"[srp]k_live_[A-Za-z0-9]{16,255}"),
    ("stripe key", "k_test_", r"[sr]k_test_[A-Za-z0-9]{16,255}"),
    ("stripe key", "whsec_", r"whsec_[\w+/=-]{20,255}"),
    ("google key", "AIza", r"AIza[\w-]{35,45}"),
    ("google token", "ya29.", r"ya29\.[\w-]{20,2048}"),
    ("google secret", "GOCSPX-", r"GOCSPX-[\w-]{20,64}"),
    ("api key", "sk-", r"sk-(?:[a-z]{2,8}\d{0,3}-){0,3}(?=[A-Za-z_-]{0,64}\d)[\w-]{20,255}"),
    ("api key", "gsk_", r"gsk_[A-Za-z0-9]{40,80}"),
    ("api key", "xai-", r"xai-[A-Za-z0-9]{60,120}"),
    ("api key", "r8_", r"r8_[A-Za-z0-9]{30,60}"),
    ("npm token", "npm_", r"npm_[A-Za-z0-9]{30,64}"),
    ("pypi token", "pypi-", r"pypi-AgE[\w-]{40,512}"),
    ("hugging face token", "hf_", r"hf_[A-Za-z0-9]{30,64}"),
    ("digitalocean token", "do", r"do[orp]_v1_[a-f0-9]{60,70}"),
    ("docker token", "dckr_pat_", r"dckr_pat_[\w-]{20,64}"),
    ("sendgrid key", "SG.", r"SG\.[\w-]{16,40}\.[\w-]{30,60}"),
    ("mailgun key", "key-", r"key-[a-f0-9]{32}(?![\w-])"),
    ("brevo key", "xkeysib-", r"xkeysib-[\w-]{40,100}"),
    ("telegram token", ":AA", r"(?:bot)?\d{8,12}:AA[\w-]{30,40}"),
    ("twilio key", "SK", r"SK[a-f0-9]{32}(?!\w)"),
    ("discord token", "M", r"[MN][A-Za-z\d]{23,27}\.[\w-]{6}\.[\w-]{27,40}"),
    ("shopify token", "shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    ("square key", "sq0", r"sq0(?:atp|csp|idp)-[\w-]{22,60}"),
    ("facebook token", "EAA", r"EAA[A-Za-z0-9]{60,512}"),
    ("linear key", "lin_api_", r"lin_api_[A-Za-z0-9]{30,60}"),
    ("notion key", "secret_", r"secret_[A-Za-z0-9_-]{43}(?![\w-])"),
    ("notion key", "ntn_", r"ntn_[A-Za-z0-9]{40,60}"),
    ("figma token", "figd_", r"figd_[\w-]{30,60}"),
    ("postman key", "PMAK-", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    ("databricks token", "dapi", r"dapi[a-f0-9]{32}(?:-\d)?(?!\w)"),
    ("new relic key", "NRAK-", r"NRAK-[A-Z0-9]{24,32}"),
    ("grafana token", "gl", r"gl(?:sa|c)_[A-Za-z0-9_+/=]{30,400}"),
    ("terraform token", "atlasv1.", r"(?:[A-Za-z0-9]{14}\.)?atlasv1\.[\w-]{40,100}"),
    ("vault token", "hv", r"hv[sbr]\.[\w-]{20,255}"),
    ("tailscale key", "tskey-", r"tskey-[a-z]+-[\w-]{16,100}"),
    ("rubygems key", "rubygems_", r"rubygems_[a-f0-9]{48}"),
    ("age key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    ("jwt", "eyJ", r"(?<!-)eyJ[\w-]{8,4096}+\.[\w-]{8,16384}+(?:\.[\w-]{0,4096}+)?"),
    (
        "slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows)/[\w/-]{20,200}",
    ),
    ("discord webhook", "/webhooks/", r"api/webhooks/\d{10,25}/[\w-]{30,100}"),
)
_COMPILED = tuple(
    (kind, hint, re.compile(rf"(?<![A-Za-z0-9_]){shape}")) for kind, hint, shape in _SHAPES
)

# The password may itself hold "@": the last one before a slash or a space ends it.
_URL = re.compile(r"""://[^\s/:@'"$`\\]{0,128}:([^\s/'"`<>]{1,256})@""")
_URL_TOKEN = re.compile(r"://([A-Za-z0-9_-]{20,256})@")
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----([\s\S]*?)(?:-----END|\Z)")
_PEM_BODY = re.compile(r"[A-Za-z0-9+/=]{16}")
_BEARER = re.compile(r"(?i)\bbearer(?:\s{1,4}|\\ )(?=[\w.~+/=-]{0,40}\d)([\w.~+/=-]{12,4096}+)")
_AUTHORIZATION = re.compile(
    r"""(?i)authorization\\?["']?\s{0,3}[:=](?:\s|\\\ ){0,3}\\?["']?(?:(?:basic|bearer|token|bot|
    apikey|api-key|key|digest|negotiate|splunk|oauth|genietoken|sso-key)(?:\s|\\\ ){1,3})?
    ([^\s"'\\]{1,4096}+)""",
    re.VERBOSE,
)
_PGPASS = re.compile(
    r"""[\w.*-]{1,255}+:(?:\d{1,5}|\*):[\w*.-]{1,64}:[\w*.-]{1,64}:([^\s"':]{1,256})"""
)
_STATEMENT = re.compile(r"\b(?:create|alter|set|grant)\b")
_SQL = re.compile(
    r"""(?i)(?<![\w-])(?:identified\s{1,3}by|password)\s{1,3}(?:=\s{1,3})?(\\?['"])([^'"\n\\]{1,256})\1"""
)


def tokens(text: str) -> Iterator[Span]:
    """Start, end and kind of each secret that its shape gives away; they may overlap."""
    for kind, hint, pattern in _COMPILED:
        if hint in text:
            for match in pattern.finditer(text):
                yield match.start(), match.end(), kind
    if "://" in text:
        yield from _url_passwords(text)
    if "-----BEGIN" in text:
        for match in _PEM.finditer(text):
            if _PEM_BODY.search(match[1]):
                yield match.start(1), match.end(1), "private key"
    lower = text.lower()
    if "authorization" in lower:
        for match in _AUTHORIZATION.finditer(text):
            if is_value(match[1], match[1]):
                yield match.start(1), match.end(1), "authorization"
    if ".pgpass" in lower:
        for match in _PGPASS.finditer(text):
            yield match.start(1), match.end(1), "password"
    if "bearer" in lower:
        for match in _BEARER.finditer(text):
            yield match.start(1), match.end(1), "authorization"
    if ("password" in lower and _STATEMENT.search(lower)) or "identified" in lower:
        for match in _SQL.finditer(text):
            if is_value(match[2], match[2]):
                yield match.start(2), match.end(2), "password"


def _url_passwords(text: str) -> Iterator[Span]:
    for match in _URL.finditer(text):
        if not match[1].startswith(("$", "\\$", "{{")):
            yield match.start(1), match.end(1), "password in url"
    for match in _URL_TOKEN.finditer(text):
        if any(char.isdigit() for char in match[1]):
            yield match.start(1), match.end(1), "password in url"
