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
    """Flags as keywords: `p` is -p, `pw` -pw, `user_name` is --user-name."""
    return Program(
        frozenset(names.split()),
        {
            f"-{name}" if len(name) < 3 else f"--{name.replace('_', '-')}": form
            for name, form in flags.items()
        },
        needs,
    )


def _positions(place: int, *patterns: str) -> list[tuple[tuple[str, ...], int]]:
    """Each of the patterns, split at | and then into words, with the place of its secret."""
    return [(tuple(words.split()), place) for words in "|".join(patterns).split("|")]


PROGRAMS = (
    _program(
        "mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlslap mysqlsh mycli"
        " mysqlbinlog mariadb mariadb-dump mariadb-admin mariadb-import mariadb-backup mysqlpump"
        " mysql_upgrade mytop",
        p=ATTACHED,
    ),
    _program("mydumper myloader", p=VALUE),
    _program("sshpass", p=VALUE),
    _program("plink pscp psftp putty", pw=VALUE),
    _program(
        "curl",
        u=COLON,
        user=COLON,
        cert=COLON,
        E=COLON,
        U=COLON,
        proxy_user=COLON,
        oauth2_bearer=VALUE,
    ),
    _program("http https xh xhs curlie", a=COLON, auth=COLON),
    _program("redis-cli valkey-cli keydb-cli redis-benchmark memtier_benchmark iredis", a=VALUE),
    _program("ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldapcompare ldapmodrdn", w=VALUE),
    _program("ldappasswd", w=VALUE, s=VALUE, a=VALUE),
    _program("slappasswd", s=VALUE),
    _program("dsconf dsidm dsctl", w=VALUE),
    _program(
        "docker podman nerdctl buildah helm oc az crane gcrane apptainer singularity skopeo oras"
        " regctl",
        "login",
        p=VALUE,
    ),
    _program("skopeo buildah podman", src_creds=COLON, dest_creds=COLON, creds=COLON),
    _program(
        "twine mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop"
        " cqlsh cypher-shell rdesktop useradd usermod beeline rabbitmqadmin"
        " crackmapexec netexec nxc sqlline smbmap olevba airdecap-ng fs_cli hydra medusa"
        " evil-winrm bloodhound-python certipy ldapdomaindump couchbase-cli cbbackupmgr"
        " cbimport cbq vncdotool vncdo ncftpput ncftpget ncftpls pkcs11-tool steghide stegseek"
        " openhab-cli supabase qbittorrent-cli mutool msoffcrypto-tool noip2 fab",
        p=VALUE,
    ),
    _program("dotnet", "dev-certs", p=VALUE, password=VALUE),
    _program("vmrun", gp=VALUE, vp=VALUE),
    _program("frpc frps", t=VALUE),
    _program("transmission-daemon", v=VALUE),
    _program("openai coap-client coap-client-openssl", k=VALUE),
    _program("outguess swift", k=VALUE, K=VALUE),
    _program("influx", t=VALUE),
    _program("prefect", "login", k=VALUE, key=VALUE),
    _program("check_http", a=COLON, b=COLON),
    _program("nikto", id=COLON),
    _program("orchestrator-client", b=COLON),
    _program("dotnet", "nuget", k=VALUE),
    _program("databricks", "put-secret", string_value=VALUE),
    _program("check_snmp", C=VALUE, A=VALUE, X=VALUE),
    _program("ipa-server-install", a=VALUE, p=VALUE),
    _program("SUSEConnect", r=VALUE),
    _program("drone", "secret", data=VALUE),
    _program("netbird", k=VALUE, setup_key=VALUE),
    _program("swaks", ap=VALUE),
    _program("sipp", ap=VALUE),
    _program("sirc", P=VALUE),
    _program("signal-cli", pin=VALUE),
    _program("caddy", "hash-password", plaintext=VALUE, p=VALUE),
    _program("x11vnc", passwd=VALUE),
    _program("sqlcmd bcp osql ipmitool mosquitto_pub mosquitto_sub mosquitto_rr", P=VALUE),
    _program("zip unzip zipcloak zipnote tsql bsqldb freebcp", P=VALUE),
    _program("7z 7za 7zr 7zz rar unrar", p=ATTACHED, hp=ATTACHED),
    _program("ssh-keygen", N=VALUE, P=VALUE),
    _program(
        "snmpwalk snmpget snmpset snmpbulkwalk snmpbulkget snmpgetnext", A=VALUE, X=VALUE, c=VALUE
    ),
    _program("transmission-remote", n=COLON),
    _program("sendemail sendEmail", xp=VALUE),
    _program("irssi", w=VALUE),
    _program("security", "add-generic-password", w=VALUE),
    _program("security", "add-internet-password", w=VALUE),
    _program("security", "unlock-keychain", p=VALUE),
    _program("security", "create-keychain", p=VALUE),
    _program("security", "set-keychain-password", p=VALUE, o=VALUE),
    _program("security", "import", P=VALUE),
    _program("doctl", t=VALUE),
    _program("uv poetry", "publish", p=VALUE),
    _program("flit hatch", "publish", a=VALUE),
    _program("glab", "login", t=VALUE),
    _program("gh glab", "secret", b=VALUE, body=VALUE),
    _program("etcdctl", user=COLON),
    _program("miniserve", a=COLON, auth=COLON),
    _program("ttyd gotty", c=COLON, credential=COLON),
    _program("lwp-request", C=COLON),
    _program("oathtool", b=VALUE),
    _program("ss-local ss-server ss-redir sslocal ssserver", k=VALUE),
    _program("smbclient rpcclient smbget smbcacls wmic net winexe", U=PERCENT, user=PERCENT),
    _program("lftp ftp ncftp open", u=COMMA),
    _program("openssl", k=SPACED, K=SPACED),
    _program("kubectl oc k", "secret", from_literal=EQUALS),
    _program("az", "secret", value=VALUE),
    _program("az", "login", p=SPACED),
    _program("aws", "SecureString", value=VALUE),
    _program("llm", "keys", value=VALUE),
    _program("osslsigncode signtool", p=VALUE),
    _program("certutil pk12util", W=VALUE, K=VALUE),
    _program("apksigner", ks_pass=COLON, key_pass=COLON),
    _program("pkcs11-tool ykman", pin=VALUE, so_pin=VALUE, new_pin=VALUE, puk=VALUE),
    _program("ykman yubico-piv-tool", P=VALUE, m=VALUE),
    _program("kadmin kadmin.local", pw=VALUE, w=VALUE),
    _program("atuin", p=VALUE, k=VALUE, key=VALUE),
    _program("ab", A=COLON, P=COLON),
    _program("psql usql pgcli", W=ATTACHED),
    _program("sqlplus64 usql", p=VALUE),
    _program("tailscale netbird", auth_key=VALUE),
    _program("k3s rke2", "token", t=VALUE),
    _program("k3s rke2", "agent", t=VALUE),
)

BY_NAME: dict[str, tuple[Program, ...]] = {
    name: tuple(program for program in PROGRAMS if name in program.names)
    for program in PROGRAMS
    for name in program.names
}

# A positional argument is the secret: words in this order (a program and its verbs), then which
# of the arguments after them (from 0; -1 is the last), options aside.
POSITIONS: tuple[tuple[tuple[str, ...], int], ...] = (
    *_positions(
        0,
        "vault login|vault token lookup|vault token revoke|vault unwrap|vault operator unseal",
        "ngrok authtoken|ngrok add-authtoken|ngrok config add-authtoken|bw unlock|cargo login",
        "snyk auth|rclone obscure|travis encrypt|mysqladmin password|mariadb-admin password",
        "cloudflared service install|mkpasswd|openssl passwd|lpass login-token|brev login",
        "doppler configure set token|op signin|caddy hash-password|ansible-vault encrypt_string",
        "ConvertTo-SecureString|qpdf --encrypt|bitcoin-cli walletpassphrase|redis-cli AUTH",
        "bitcoin-cli walletpassphrasechange|nuget setapikey|iwconfig key|bitcoin-cli encryptwallet",
        "github-oauth.github.com|gitlab-oauth.gitlab.com|tor --hash-password|pro attach",
        "x11vnc -storepasswd|wandb login|encryption on|wpa2|wpa3|accounts password set",
    ),
    *_positions(
        1,
        "wpa_passphrase|rabbitmqctl add_user|rabbitmqctl change_password|bw login|htpasswd -nb",
        "qpdf --encrypt|samba-tool user create|net user|iredis AUTH|rabbitmqctl authenticate_user",
        "config set requirepass|config set masterauth|useradd -p|cf create-user|mega-login",
        "filebrowser users add|user.set_password|/secure set|drush upwd|drush user:password",
        "b2 authorize-account|b2 account authorize|do_wifi_ssid_passphrase|doveadm auth test",
        "user set password|dscl -passwd",
    ),
    *_positions(
        2,
        "networksetup -setairportnetwork|net use|mosquitto_passwd -b|isql|virsh set-user-password",
        "prosodyctl register|ejabberdctl register",
        "mc admin user add",
    ),
    *_positions(3, "mc alias set|mc config host add|mcli alias set|create_ap"),
    *_positions(
        -1,
        "redis-cli AUTH|redis-cli auth|valkey-cli AUTH|valkey-cli auth",
        "openssl passwd -salt|mkpasswd -m|bitcoin-cli walletpassphrasechange",
        "grafana-cli admin reset-admin-password|grafana cli admin reset-admin-password",
    ),
)

# After these words every NAME=VALUE is a secret, whatever its name.
STORES: tuple[tuple[str, ...], ...] = tuple(
    pattern
    for pattern, _ in _positions(
        0,
        "vault kv put|vault kv patch|fly secrets set|flyctl secrets set",
        "doppler secrets set|infisical secrets set|supabase secrets set|chamber write",
    )
)

# Words after which `NAME VALUE` sets a secret if NAME is the name of one.
SETTERS = frozenset(
    "set setenv setx nmcli machine iwconfig config put add --arg --argjson variable variables"
    " secret secrets default define set_network --set pdftk".split()
)

# A word of these programs that begins so goes on with a secret, behind the last character here.
PREFIXES = {
    "openssl": ("pass:",),
    "vault": ("secret_id=",),
    "pulsar-admin": ("token:",),
    **dict.fromkeys(("SETUSER", "setuser"), (">",)),
    **dict.fromkeys(("xfreerdp", "wlfreerdp", "xfreerdp3"), ("/p:", "/gp:")),
}

# Flags after whose value `-p X` is a password, in whatever program; mysql, which asks, apart.
USER_FLAGS = frozenset("-u -U -l -username --user --username --login -user -usr".split())
PASSWORD_FLAGS = frozenset("-p -P -pw".split())

# Programs whose -p or -P is something else, and takes what may look like a password.
OTHER_MEANINGS = frozenset(
    "mkdir cp mv rm rmdir tar unzip cargo git install ls cd ps touch ssh scp rsync read echo pnpm"
    " npm docker podman make cmake patch perl date lsof kill pgrep df du find grep cat ln tmux"
    " screen chmod chown ffmpeg ffprobe nmap python3 pytest adb mount sed awk bash sh".split()
)

# Programs that are given text, of which a word may look like a password.
TEXT_PROGRAMS = frozenset(
    "cat grep egrep rg sed awk gawk tr cut wc sort uniq head tail rev fold fmt base64 xxd od"
    " hexdump md5sum sha1sum sha256sum sha512sum b2sum cksum shasum jq yq bc dc read mapfile xargs"
    " tee column perl python python3 node ruby php cowsay qrencode iconv gzip xclip pbcopy"
    " clip wl-copy".split()
)

# Flags that are followed by user:password, in whatever program.
BASIC_FLAGS = frozenset(
    "-auth --auth --basic-auth --basicauth --http-auth --proxy-auth --creds --cred --credential"
    " --credentials --userpass --user-pass --userpwd -userpwd".split()
)

# Programs that take user/password@service.
ORACLE = frozenset("sqlplus sqlplus64 rman exp imp expdp impdp sqlldr sqlcl sql".split())

# Programs with an option that is followed by something else than its name promises: mysql asks
# for the password, docker takes the name of a secret.
NOT_VALUES = {
    **dict.fromkeys(BY_NAME["mysql"][0].names, "--password"),
    **dict.fromkeys(("docker", "podman", "nerdctl"), "--secret"),
}

# Verbs of git whose quoted arguments are prose.
MESSAGES = frozenset("commit tag stash notes merge".split())

# Programs whose arguments are patterns: what looks like one is no value.
PATTERN_PROGRAMS = frozenset(
    "grep egrep fgrep zgrep rg ag ack sed gsed awk gawk mawk perl find fd git pgrep pkill jq yq vim"
    " nvim less ed ripgrep rename tr cut expr".split()
)

# Words of a command that reads a secret from its standard input.
READERS: tuple[tuple[str, ...], ...] = tuple(
    pattern
    for pattern, _ in _positions(
        0,
        "sudo -S|doas -S|--password-stdin|--with-token|--token-stdin|chpasswd|passwd|smbpasswd",
        "kinit|terraform login|secret-tool store|passage insert|pass insert|docker secret create",
        "podman secret create|gh secret set|wrangler secret put|cryptsetup",
        "--passphrase-fd|su|vncpasswd|openssl passwd|systemd-creds|systemd-ask-password",
        "gcloud secrets|vercel env add|bw unlock|saslpasswd2|htpasswd -i|wpa_passphrase",
        "keyctl padd|wg pubkey|zfs load-key|caddy hash-password|mkpasswd|huggingface-cli login",
        "lpass login|borg init|p4 login|realm join|telegram-send --configure|keepassxc-cli",
        "znc --makepass|openconnect --passwd-on-stdin|op signin|rclone obscure",
        "ecryptfs-add-passphrase|-stdinpass|sudo --stdin|ssh-add|fetchmail|tarsnap-keygen|sshfs",
        "expressvpn|mysql_config_editor|kwallet-query|cadaver|jupyter password|openfortivpn|restic",
        "borg|elasticsearch-keystore|rbw|gopass|lncli|geth|monero-wallet-cli|veracrypt|gocryptfs",
        "databricks configure|supabase login|npm login|ansible-vault|chntpw|wallet-cli|openconnect",
    )
)
