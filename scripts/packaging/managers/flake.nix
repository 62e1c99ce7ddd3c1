# Unbuilt: nobody has evaluated this. It takes nixpkgs' own builds of the dependencies, at their versions.
{
  description = "Shell history that understands what you meant";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ];
      each = nixpkgs.lib.genAttrs systems;
    in
    {
      packages = each (system:
        let
          python = nixpkgs.legacyPackages.${system}.python3Packages;
        in
        {
          default = python.buildPythonApplication {
            pname = "deja-history";
            version = "0.1.0";
            format = "wheel";
            # Built by scripts/build_wheel.sh, and put beside this file.
            src = ./deja_history-0.1.0-py3-none-any.whl;
            dependencies = with python; [
              click numpy onnxruntime platformdirs psutil rapidfuzz simsimd tokenizers
            ];
            pythonRelaxDeps = true;
            meta = {
              license = nixpkgs.lib.licenses.mit;
              mainProgram = "deja";
            };
          };
        });
    };
}
