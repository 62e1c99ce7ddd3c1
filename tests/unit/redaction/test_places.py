"""Places where a secret stands: code of other languages, files that are written, verbs."""

import pytest

from backend.redaction.mask import MARK, find, redact

# @@ is the secret; each of these would be at rest without the rule that its group is for.
PLACES = {
    "strings of other languages": [
        """python -c 'requests.get("http://h", auth=("bob","@@"))'""",
        """python -c 's.login("bob", "@@")'""",
        """python -c "os.environ['API_TOKEN']='@@'; run()" """,
        """python -c "pymysql.connect('h', 'root', '@@', 'db')" """,
        """node -e "run({user: 'bob', password: '@@'})" """,
        """node -e 'process.env.TOKEN="@@"; require("./x")'""",
        """node -e "fetch('http://h',{headers:{'X-Api-Key':'@@'}})" """,
        """perl -e '$ENV{API_KEY}="@@"; do "x"'""",
        """php -r '$password="@@"; echo $password;'""",
        """php -r 'new PDO("mysql:host=h","root","@@");'""",
        """pwsh -c '$env:API_TOKEN="@@"; ./x.ps1'""",
        """mongosh --eval "db.auth('bob','@@')" """,
        """curl -d '{"user" : "bob", "password" : "@@"}' http://h""",
    ],
    "files": [
        "echo @@ > ~/.vault_pass.txt",
        "printf '%s' '@@' | sudo tee /etc/db_password",
        "cat > pw.txt <<EOF\n@@\nEOF",
        "cat > .env <<EOF\nDB_USER=x\nDB_PASSWORD=@@\nEOF",
        "cat > redis.conf <<E\nport 6379\nrequirepass @@\nE",
        "cat > s.yml <<E\nusers:\n  - password: @@\nE",
        "cat > s.xml <<E\n<server><password>@@</password></server>\nE",
        "rsync --password-file=<(echo @@) a h::m",
        """restic --password-command "echo @@" backup""",
    ],
    "names": [
        "export DB_PW=@@",
        "GITHUB_PAT=@@ ./x",
        "API_KEY_PROD=@@ ./x",
        "CREDS=(bob @@)",
        "TOKEN+=@@",
        "cfg[password]=@@",
        "curl -d 'user=bob&pwd=@@' http://h",
        "sqlcmd 'Server=h;Uid=sa;PWD=@@;'",
        "PGPASSWORD=${PGPASSWORD:-@@} psql",
        "jq -n --arg pw @@ .",
        "cmdkey /add:h /user:bob /pass:@@",
        "redis-cli CONFIG SET requirepass @@",
        "npm config set //r/:_authToken @@",
        "curl 'https://h/c?sv=2022-11-02&sp=rl&sig=jk2Nn4hX9@@Qz7Lw1RtYp0Sv%3D'",
    ],
    "urls": [
        "curl https://$USER:@@@h.example/x",
        "curl smtp://bob@mail.example:@@@smtp.example:587",
        "psql postgres://u:a/b@@@h/d",
        "go run . -dsn 'root:@@@tcp(localhost:3306)/db'",
        "cvs -d :pserver:bob:@@@h:/cvs co m",
        "ffmpeg -i a -f flv rtmp://live.twitch.tv/app/live_123456789_@@",
    ],
    "programs": [
        "htpasswd -nbB bob @@ > f",
        "openssl enc -aes-256-cbc -in a -k @@",
        "echo @@ | sudo -kS apt update",
        "mysqladmin -u root password @@",
        "podman login -u bob -p=@@ quay.io",
        "plink -ssh bob@h -pw @@ ls",
        "atuin login -u bob -p x -k @@",
        "tool login bob @@",
        "mysql -e \"create user x identified with mysql_native_password by '@@'\"",
        "java -jar jenkins-cli.jar -auth bob:@@ build",
        "lpass login bob <<< @@",
        "read -r PASSWORD <<< @@",
        'nc h 1 <<< "AUTH @@"',
        """expect -c 'spawn ssh h; expect "assword:"; send "@@\\r"'""",
    ],
    "random words": [
        "./deploy.sh prod xK9mQ2@@aB3dE6gH8jL0",
        "john h && echo pQ7@@zX2vB",
    ],
}
SECRET = "Quartz58maple"


@pytest.mark.parametrize(
    "command", [command for commands in PLACES.values() for command in commands]
)
def test_a_secret_is_masked_in_its_place(command: str) -> None:
    masked = redact(command.replace("@@@", SECRET + "@").replace("@@", SECRET))
    assert SECRET not in masked
    assert MARK in masked
    assert redact(masked) == masked


WORDS = "witch collapse practice feed shame open despair creek road again ice least"


@pytest.mark.parametrize(
    "command", [f"recover {WORDS}", f"import '{WORDS}'", f'x --seed "{WORDS}"']
)
def test_the_words_of_a_wallet_are_masked(command: str) -> None:
    assert "despair" not in redact(command)


@pytest.mark.parametrize(
    "command",
    [
        'aws dynamodb get-item --table-name t --key \'{"id":{"S":"42"}}\'',
        f"apt install {WORDS}",
        "echo 'this is a long text in which there are the words of people and not of wallets'",
        "git show 3f786850e387550fdab836ed7e6dc881de23001b",
        "kubectl delete pod my-deployment-7d9f8b6c5d-x2k4p",
        "docker run nginx@sha256:" + "ab12" * 16,
        "mount UUID=8c2b9d3e-1f4a-4c6b-9e8d-7a6b5c4d3e2f /mnt",
        "ipfs get QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKZ2jZ",
        "echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5kX9mQ2vL7paB3dE6gH8jL0nP1qR2sT3uV' >> k",
        "echo aB3dE6gH8jL0nP1qR2sT3uV4wX5yZ6 | base64 -d",
        "aws logs tail g --next-token aB3dE6gH8jL0nP1qR2sT3uV4wX5yZ6",
        "x --commit-id aB3dE6gH8jL0nP1qR2sT3uV4wX5yZ6",
        "java com.example.MyVeryLongClassName2Factory",
        "cat /nix/store/9krlzvny65gdc8s7kpb6lkx8cd02c25b-hello/bin/hello",
        "grep 'password=.*' f",
        "curl -d @body.json h",
        "./run --password @pw.txt",
        "./run --token '<token>'",
        "psql -c 'select * from tokens where token = $1'",
    ],
)
def test_what_only_looks_so_stays(command: str) -> None:
    assert redact(command) == command
    assert find(command) == []
