# The copy of deja, and what an older one has left.
# Read by install.sh, whose variables it shares.
# shellcheck shell=bash disable=SC2034,SC2154

# The clone may be deleted afterwards, so what runs is a copy; of scripts/, what users need: to
# upgrade and uninstall, to export the model and to make the vectors anew.
copy_app() {
    [ ! "$here" -ef "$app" ] || return 0
    rm -rf "$app.new" "$app.old" &&
        mkdir -p "$app.new/scripts" &&
        (cd "$here" && cp -R backend shell_plugin install.sh requirements.txt LICENSE "$app.new/") &&
        (cd "$here/scripts" && cp -R __init__.py build_index.py export_to_onnx.py \
            requirements-export.txt export install "$app.new/scripts/") &&
        find "$app.new" -name __pycache__ -prune -exec rm -rf {} + &&
        { [ ! -d "$app" ] || mv "$app" "$app.old"; } &&
        mv "$app.new" "$app" &&
        rm -rf "$app.old" &&
        "$runtime/bin/python" -I -m compileall -q "$app/backend" "$app/shell_plugin" "$app/scripts"
}

# A model named by DEJA_MODEL_DIR is found by shells without that variable too.
link_model() {
    [ "$model" != "$data/model" ] || return 0
    [ ! -L "$data/model" ] || rm -f "$data/model"
    [ -e "$data/model" ] || ln -s "$model" "$data/model"
}

remove_old() {
    local old
    for old in "$data"/runtime-*; do
        [ "$old" = "$runtime" ] || rm -rf "$old"
    done
    rm -rf "$data/downloads" "$data"/export.??????
}
