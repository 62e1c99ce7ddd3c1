# Unbuilt: for a tap of one's own. The dependencies are wheels, because building ONNX Runtime takes an hour.
class DejaHistory < Formula
  desc "Shell history that understands what you meant"
  homepage "https://example.org/deja"
  url "https://example.org/deja/deja_history-0.1.0-py3-none-any.whl", using: :nounzip
  sha256 "0" * 64
  license "MIT"

  depends_on "python@3.13"

  def install
    python = Formula["python@3.13"].opt_bin/"python3.13"
    system python, "-m", "venv", libexec
    system libexec/"bin/pip", "install", "--only-binary", ":all:", Dir["*.whl"].first
    bin.install_symlink libexec/"bin/deja"
    package = Dir[libexec/"lib/python*/site-packages/deja_history"].first
    zsh_completion.install "#{package}/shell_plugin/completion/_deja"
    bash_completion.install "#{package}/shell_plugin/completion/deja.bash" => "deja"
    fish_completion.install "#{package}/shell_plugin/completion/deja.fish"
    man1.install "#{package}/shell_plugin/man/man1/deja.1"
  end

  def caveats
    "Run `deja setup` once: it adds a line to your shells' start-up files and imports their histories."
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/deja --version")
  end
end
