"""What well-known programs take as secrets on their command lines: a table, and nothing else.

Standard library only. A flag's form says which part of its value is secret.
"""

from dataclasses import dataclass

# The forms. VALUE: the flag's value, attached or the next word. SPACED: only the next word.
# ATTACHED: only what is attached (mysql -pX; with a space it asks). The others take VALUE and
# hide what follows a separator: COLON user:password, PERCENT user%password, COMMA
# user,password, EQUALS name=value.
VALUE, SPACED, ATTACHED = "value", "spaced", "attached"
COLON, PERCENT, COMMA, EQUALS = ":", "%", ",", "="


@dataclass(frozen=True)
class Program:
    """Names of a program, flags that take secrets, and a word that must stand there too."""

    names: frozenset[str]
    flags: dict[str, str]
    needs: str = ""


def _program(names: str, needs: str = "", /, **flags: str) -> Program:
    """Flags as keywords: `p` is -p, `user_name` is --user-name."""
    return Program(
        frozenset(names.split()),
        {
            f"-{name}" if len(name) < 3 else f"--{name.replace('_', '-')}": form
            for name, form in flags.items()
        },
        needs,
    )


PROGRAMS = (
    _program(
        "mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlslap mysqlsh mycli"
        " mysqlbinlog mariadb mariadb-dump mariadb-admin mariadb-import mariadb-backup mysqlpump",
        p=ATTACHED,
    ),
    _program("sshpass", p=VALUE),
    _program("curl", u=COLON, user=COLON, U=COLON, proxy_user=COLON),
    _program("curl", oauth2_bearer=VALUE),
    _program("http https xh xhs", a=COLON, auth=COLON),
    _program("redis-cli valkey-cli keydb-cli redis-benchmark memtier_benchmark", a=VALUE),
    _program("ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldapcompare ldapmodrdn", w=VALUE),
    _program("ldappasswd", w=VALUE, s=VALUE, a=VALUE),
    _program(
        "docker podman nerdctl buildah helm oc az crane gcrane apptainer singularity",
        "login",
        p=VALUE,
    ),
    _program("skopeo", src_creds=COLON, dest_creds=COLON, creds=COLON),
    _program(
        "twine mongo mongosh mongodump mongorestore mongoexport mongoimport cqlsh cypher-shell"
        " rdesktop useradd usermod beeline rabbitmqadmin crackmapexec netexec nxc sqlline"
        " smbmap olevba airdecap-ng fs_cli",
        p=VALUE,
    ),
    _program("sqlcmd bcp ipmitool mosquitto_pub mosquitto_sub zip unzip zipcloak", P=VALUE),
    _program("7z 7za 7zr 7zz rar unrar", p=ATTACHED, hp=ATTACHED),
    _program("ssh-keygen", N=VALUE, P=VALUE),
    _program("snmpwalk snmpget snmpset snmpbulkwalk", A=VALUE, X=VALUE),
    _program("security", "add-generic-password", w=VALUE),
    _program("security", "add-internet-password", w=VALUE),
    _program("security", "unlock-keychain", p=VALUE),
    _program("security", "create-keychain", p=VALUE),
    _program("doctl", t=VALUE),
    _program("uv", "publish", p=VALUE),
    _program("glab", "login", t=VALUE),
    _program("gh glab", "secret", b=VALUE, body=VALUE),
    _program("etcdctl", user=COLON),
    _program("miniserve", a=COLON, auth=COLON),
    _program("lwp-request", C=COLON),
    _program("oathtool", b=VALUE),
    _program("ss-local ss-server ss-redir", k=VALUE),
    _program("smbclient rpcclient smbget smbcacls wmic net winexe", U=PERCENT, user=PERCENT),
    _program("lftp ftp ncftp", u=COMMA),
    _program("openssl", "enc", k=SPACED, K=SPACED),
    _program("kubectl oc k", "secret", from_literal=EQUALS),
    _program("az", "secret", value=VALUE),
    _program("aws", "SecureString", value=VALUE),
    _program("llm", "keys", value=VALUE),
)

BY_NAME: dict[str, tuple[Program, ...]] = {
    name: tuple(program for program in PROGRAMS if name in program.names)
    for program in PROGRAMS
    for name in program.names
}

# A positional argument is the secret: words in this order (a program and its verbs), then which
# of the arguments after them (from 0; -1 is the last), options aside.
POSITIONS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("wpa_passphrase",), 1),
    (("rabbitmqctl", "add_user"), 1),
    (("rabbitmqctl", "change_password"), 1),
    (("vault", "login"), 0),
    (("vault", "token", "lookup"), 0),
    (("vault", "unwrap"), 0),
    (("mc", "alias", "set"), 3),
    (("mc", "config", "host", "add"), 3),
    (("ngrok", "authtoken"), 0),
    (("ngrok", "add-authtoken"), 0),
    (("bw", "unlock"), 0),
    (("bw", "login"), 1),
    (("cargo", "login"), 0),
    (("snyk", "auth"), 0),
    (("rclone", "obscure"), 0),
    (("travis", "encrypt"), 0),
    (("networksetup", "-setairportnetwork"), 2),
    (("redis-cli", "AUTH"), -1),
    (("redis-cli", "auth"), -1),
    (("net", "use"), 2),
)

# After these words every NAME=VALUE is a secret, whatever its name.
STORES: tuple[tuple[str, ...], ...] = (
    ("vault", "kv", "put"),
    ("vault", "kv", "patch"),
    ("fly", "secrets", "set"),
    ("flyctl", "secrets", "set"),
    ("doppler", "secrets", "set"),
)

# Words after which `NAME VALUE` sets a secret if NAME is the name of one.
SETTERS = frozenset("set setenv setx nmcli machine iwconfig config".split())

# A word of these programs that begins so goes on with a secret.
PREFIXES = {"openssl": "pass:", "xfreerdp": "/p:", "wlfreerdp": "/p:", "xfreerdp3": "/p:"}

# Flags after whose value `-p X` is a password, in whatever program; mysql, which asks, apart.
USER_FLAGS = frozenset("-u -U -l -username --user --username --login".split())

# Programs that take user/password@service.
ORACLE = frozenset("sqlplus rman expdp impdp sqlldr".split())

# Programs with an option that is followed by something else than its name promises: mysql asks
# for the password, docker takes the name of a secret.
NOT_VALUES = {
    **dict.fromkeys(BY_NAME["mysql"][0].names, "--password"),
    **dict.fromkeys(("docker", "podman", "nerdctl"), "--secret"),
}

# Verbs of git whose quoted arguments are prose.
MESSAGES = frozenset("commit tag stash notes merge".split())

# Words of a command that reads a secret from its standard input.
READERS: tuple[tuple[str, ...], ...] = (
    ("sudo", "-S"),
    ("--password-stdin",),
    ("--with-token",),
    ("chpasswd",),
    ("passwd",),
    ("smbpasswd",),
    ("kinit",),
    ("terraform", "login"),
    ("secret-tool", "store"),
    ("passage", "insert"),
    ("pass", "insert"),
    ("docker", "secret", "create"),
    ("gh", "secret", "set"),
    ("wrangler", "secret", "put"),
    ("--passphrase-fd",),
    ("cryptsetup",),
)
