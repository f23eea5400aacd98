import Foundation

/// A real browser without a window, which can reach no server.
struct Browser {
    /// What it says of a page in a frame of a given width.
    struct Layout: Decodable {
        /// Whether the page was told to be dark.
        var isDark: Bool
        /// Width of the frame and of what it holds, in CSS pixels.
        var width: Int
        var contentWidth: Int
        /// Words of drawings.
        var texts: Int
        /// Words that are cut off, too small or on top of each other, and elements that stick out.
        var problems: [String]
        /// What the page asked for beyond itself.
        var requests: [String]
    }

    /// What was seen of a page, and what the browser's console said of it.
    struct Picture {
        var png: Data
        var console: [String]
    }

    private static let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

    private let path: String
    private let folder: String

    /// - Parameter folder: for the profile and everything else that it writes.
    init(folder: String) throws {
        path = try Self.path()
        self.folder = folder
    }

    /// Where the browser is.
    static func path() throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        let found = names.lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else { throw Failure("there is no Chromium on the PATH: run 'scripts/setup --tests'") }
        return found
    }

    /// Takes a picture of the top of a page.
    func picture(of page: String, width: Int, height: Int, isDark: Bool) throws -> Picture {
        let file = "\(folder)/picture.png"
        try? FileManager.default.removeItem(atPath: file)
        let run = try run(["--window-size=\(width),\(height)", "--screenshot=\(file)", "--hide-scrollbars"], page, isDark: isDark)
        guard let png = FileManager.default.contents(atPath: file), png.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
            throw Failure("the browser took no picture of \(page):\n\(run.standardError.suffix(2000))")
        }
        return Picture(png: png, console: Self.console(run))
    }

    /// Lays a page out in a frame and looks for what does not fit.
    func layout(of page: String, width: Int, isDark: Bool) throws -> Layout {
        let frame = "\(folder)/frame.html"
        try Self.frame(of: page, width: width).write(toFile: frame, atomically: true, encoding: .utf8)
        let run = try run(
            ["--window-size=1600,1000", "--virtual-time-budget=5000", "--dump-dom", "--allow-file-access-from-files"], frame, isDark: isDark
        )
        guard let match = run.standardOutput.firstMatch(of: /<pre id="out">([^<]+)<\/pre>/) else {
            throw Failure("the browser did not lay out \(page):\n\(run.text.suffix(2000))")
        }
        let json = match.1.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        return try JSONDecoder().decode(Layout.self, from: Data(json.utf8))
    }

    private func run(_ arguments: [String], _ page: String, isDark: Bool) throws -> Command.Completed {
        let command = Command(
            path,
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder)/profile", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND",
                "--enable-logging=stderr", "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)",
            ] + arguments + ["file://\(page)"], environment: Herald.environment)
        let run = try command.run(within: .seconds(120))
        guard run.exitCode == 0 else { throw Failure("\(command): exit code \(run.exitCode)\n\(run.standardError.suffix(2000))") }
        return run
    }

    private static func console(_ run: Command.Completed) -> [String] {
        run.standardError.split(separator: "\n").filter { $0.contains(":CONSOLE:") }.map(String.init)
    }

    private static func frame(of page: String, width: Int) -> String {
        """
        <!DOCTYPE html><meta charset="utf-8"><iframe src="file://\(page)" style="border:0;width:\(width)px;height:900px"></iframe>
        <pre id="out"></pre><script>
        const frame = document.querySelector("iframe");
        frame.onload = () => {
            const page = frame.contentDocument, problems = [];
            const name = element => `${element.tagName} ${element.getAttribute("class") || ""} '${element.textContent.slice(0, 40)}'`;
            for (const drawing of page.querySelectorAll("svg[role=img]")) {
                const box = drawing.getBoundingClientRect(), card = drawing.closest(".card").getBoundingClientRect();
                const scale = box.width / drawing.viewBox.baseVal.width;
                const words = [...drawing.querySelectorAll("text")].map(text => [text, text.getBoundingClientRect()]);
                words.forEach(([text, a], index) => {
                    if (a.left < card.left || a.right > card.right || a.top < box.top - 2 || a.bottom > box.bottom + 2)
                        problems.push("cut off: " + name(text));
                    if (parseFloat(getComputedStyle(text).fontSize) * scale < 9) problems.push("too small: " + name(text));
                    for (const [other, b] of words.slice(index + 1))
                        if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
                            problems.push("on top of each other: " + name(text) + ", " + name(other));
                });
            }
            const width = page.documentElement.clientWidth;
            for (const element of page.querySelectorAll("body *"))
                if (!element.closest(".scroll, nav, svg") && element.getBoundingClientRect().right > width + 1)
                    problems.push("sticks out: " + name(element));
            document.querySelector("#out").textContent = JSON.stringify({
                isDark: frame.contentWindow.matchMedia("(prefers-color-scheme: dark)").matches, width,
                contentWidth: page.documentElement.scrollWidth, texts: page.querySelectorAll("text").length, problems,
                requests: frame.contentWindow.performance.getEntriesByType("resource").map(entry => entry.name)});
        };
        </script>
        """
    }
}
