"""Texts on which the exported model is compared with sentence-transformers.

Commands, sentences, nothing, many scripts, odd bytes, and more than 256 tokens.
"""

CANONICAL = (
    "unpack an archive",
    "tar -xzf backup.tgz",
    "du -ah . | sort -rh | head",
    "docker ps -a",
)

_COMMANDS = (
    "ls",
    "git reset --soft HEAD~1",
    "git log --oneline --graph --decorate --all",
    "kubectl get pods -n prod -o wide",
    "find . -name '*.py' -not -path './.venv/*' -exec grep -l TODO {} +",
    "ssh -L 5432:localhost:5432 deploy@db.example.org",
    "rsync -avz --delete ./site/ web:/srv/www/",
    "ffmpeg -i in.mov -vf scale=1280:-2 -c:v libx264 -crf 23 out.mp4",
    "awk -F, '{ sum += $3 } END { print sum / NR }' data.csv",
    "psql -h localhost -U app -c 'select count(*) from users'",
    "curl -sS -X POST -H 'Content-Type: application/json' -d '{\"a\": 1}' http://localhost:8080/api",
    "systemctl restart nginx && journalctl -u nginx -f",
    'for f in *.jpg; do convert "$f" -resize 50% "small-$f"; done',
    "cat <<'EOF' > notes.txt\nfirst line\n\tsecond line\nEOF",
    "sed -i 's/foo/bar/g' $(git ls-files '*.c')",
    'docker run --rm -it -v "$PWD":/src -w /src python:3.12 bash',
    "openssl req -x509 -newkey rsa:4096 -keyout key.pem -out cert.pem -days 365 -nodes",
    "lsof -i :8080",
    "chmod +x build.sh; ./build.sh 2>&1 | tee build.log",
    "python -m http.server 8000",
    "apt-get install -y build-essential",
    "xargs -0 -n1 -P4 gzip -9",
    "history | awk '{print $2}' | sort | uniq -c | sort -rn | head -20",
    "mount -t nfs server:/export /mnt",
)

_SENTENCES = (
    "undo the last commit but keep my changes",
    "largest files here",
    "list containers",
    "which process is using port 8080",
    "copy a folder to another machine and delete what is gone",
    "make the video smaller",
    "Who changed this line?",
    "show the last lines of a log as they come",
    "The quick brown fox jumps over the lazy dog.",
    "count how often each word occurs in a file",
    "rename many pictures at once",
    "what did I run yesterday to renew the certificate",
    'A sentence. Another one! And a third, with (brackets) and "quotes"?',
    "UPPER CASE AND MiXeD cAsE",
    "don't can't won't it's",
    "find big files older than thirty days and delete them",
)

_UNICODE = (
    "naïve café résumé Zürich Ångström",
    "поиск больших файлов",
    "查找大文件",
    "大きなファイルを探す",
    "큰 파일 찾기",
    "ابحث عن الملفات الكبيرة",
    "מצא קבצים גדולים",
    "εύρεση μεγάλων αρχείων",
    "ไฟล์ขนาดใหญ่",
    "बड़ी फ़ाइलें",
    "echo '🚀 deployed 🎉'",
    "👩‍👩‍👧‍👦 family \u200d joined",
    "e\u0301 combining against é composed",
    "ﬁle ｆｕｌｌｗｉｄｔｈ Ⅳ ½",
    "mkdir Übung && cd Übung",
    "\u202eright to left mark",
)

_ODD = (
    "",
    " ",
    "\n\t \n",
    "a",
    "?",
    "-",
    "[CLS] [SEP] [PAD] [MASK] [UNK]",
    "\x1b[31mred\x1b[0m\x07",
    "zero\x00byte",
    "\ufffd\ufffd",
    "x" * 99,
    "x" * 101,
    "/" * 300,
    "0123456789" * 40,
)

_LONG = (
    " ".join(f"word{number}" for number in range(90)),
    "the " * 254,
    "the " * 255,
    "the " * 600,
    " ".join(_COMMANDS),
    " && ".join(f"make target-{number} CFLAGS=-O{number % 4}" for number in range(120)),
    "ж" * 90 + " 文" * 400,
)

VERIFIED = (*CANONICAL, *_COMMANDS, *_SENTENCES, *_UNICODE, *_ODD, *_LONG)
