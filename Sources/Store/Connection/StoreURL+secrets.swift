extension StoreURL: CustomStringConvertible {
    /// The URL without its secrets: the password and the options that carry one are `***`.
    package var description: String {
        var result = text
        if let password = Self.password(in: text) { result.replaceSubrange(password, with: "***") }
        guard let question = result.firstIndex(of: "?") else { return result }
        let options = result[result.index(after: question)...].split(separator: "&").map { option in
            let name = option.prefix { $0 != "=" }
            let isSecret = ["password", "properties"].contains { name.lowercased().hasSuffix($0) }
            return isSecret ? "\(name)=***" : String(option)
        }
        return result[...question] + options.joined(separator: "&")
    }

    /// Whether a password may hold a character that splits the URL elsewhere than meant.
    ///
    /// The driver takes some of these for a host or an option, and then repeats a part of the password in its message.
    static func hasUnescapedPassword(_ text: String) -> Bool {
        password(in: text).map { text[$0].contains { "/?#@:[]".contains($0) } } ?? false
    }

    /// What stands between the first colon behind the scheme and the last `@`.
    private static func password(in text: String) -> Range<String.Index>? {
        guard let scheme = text.firstRange(of: "://"), let at = text[scheme.upperBound...].lastIndex(of: "@"),
            let colon = text[scheme.upperBound..<at].firstIndex(of: ":")
        else { return nil }
        return text.index(after: colon)..<at
    }
}
