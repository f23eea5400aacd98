/// The lines of a LightGBM model file: `key=value` under a head and under each tree.
struct LightGBMText {
    /// The lines of the head or of one tree.
    struct Section {
        /// `model` or `Tree=3`: for messages.
        let name: String
        fileprivate(set) var values: [String: ArraySlice<UInt8>] = [:]
        /// Lines without a value.
        fileprivate(set) var flags: Set<String> = []

        func text(_ key: String) throws(ForestError) -> String {
            guard let value = values[key] else { throw ForestError(.missingKey, "'\(key)' of '\(name)' is missing") }
            return String(decoding: value, as: UTF8.self)
        }

        func integer(_ key: String, in range: ClosedRange<Int>) throws(ForestError) -> Int {
            let text = try text(key)
            guard let value = DecimalText.integer(Array(text.utf8)[...]), range.contains(Int(value)) else {
                throw ForestError(
                    .outOfRange, "'\(key)' of '\(name)' is '\(text.prefix(32))', not from \(range.lowerBound) to \(range.upperBound)")
            }
            return Int(value)
        }

        /// Exactly `count` whole numbers, separated by spaces.
        func integers(_ key: String, count: Int) throws(ForestError) -> [Int64] {
            try elements(key, count, DecimalText.integer)
        }

        /// Exactly `count` numbers, finite unless a threshold may be infinite, separated by spaces.
        func numbers(_ key: String, count: Int, allowsInfinity: Bool = false) throws(ForestError) -> [Double] {
            try elements(key, count) { text in
                if allowsInfinity, text.elementsEqual("inf".utf8) { return .infinity }
                if allowsInfinity, text.elementsEqual("-inf".utf8) { return -.infinity }
                return DecimalText.double(text).flatMap { $0.isFinite ? $0 : nil }
            }
        }

        private func elements<Element>(
            _ key: String, _ count: Int, _ read: (ArraySlice<UInt8>) -> Element?
        ) throws(ForestError) -> [Element] {
            guard let value = values[key] else { throw ForestError(.missingKey, "'\(key)' of '\(name)' is missing") }
            var elements: [Element] = []
            elements.reserveCapacity(min(count, value.count))
            var start = value.startIndex
            while start < value.endIndex {
                let end = value[start...].firstIndex(of: UInt8(ascii: " ")) ?? value.endIndex
                let part = value[start..<end]
                start = min(end + 1, value.endIndex)
                if part.isEmpty { continue }
                guard let element = read(part) else {
                    throw ForestError(
                        .malformed, "'\(key)' of '\(name)' has '\(String(decoding: part.prefix(32), as: UTF8.self))' in place of a number")
                }
                elements.append(element)
            }
            guard elements.count == count else {
                throw ForestError(.sizeMismatch, "'\(key)' of '\(name)' has \(elements.count) elements, not \(count)")
            }
            return elements
        }
    }

    private(set) var head = Section(name: "model")
    private(set) var trees: [Section] = []

    private static let treePrefix = "Tree="
    private static let end = "end of trees"

    init(_ bytes: [UInt8]) throws(ForestError) {
        guard bytes.count <= ImportLimits.bytes else {
            throw ForestError(.limitExceeded, "the model has \(bytes.count) bytes, more than \(ImportLimits.bytes)")
        }
        guard !bytes.isEmpty else { throw ForestError(.truncated, "the model is empty") }
        var rest = bytes[...]
        guard let first = Self.nextLine(of: &rest), String(decoding: first, as: UTF8.self) == "tree" else {
            throw ForestError(.unknownFormat, "not a LightGBM model: the first line is not 'tree'")
        }
        while let line = Self.nextLine(of: &rest) {
            let text = String(decoding: line.prefix(32), as: UTF8.self)
            if text == Self.end { return }
            if text.hasPrefix(Self.treePrefix) {
                guard trees.count < ImportLimits.trees else {
                    throw ForestError(.limitExceeded, "more than \(ImportLimits.trees) trees")
                }
                guard text == "\(Self.treePrefix)\(trees.count)" else {
                    throw ForestError(.invalidTree, "'\(text)' stands where '\(Self.treePrefix)\(trees.count)' is due")
                }
                trees.append(Section(name: text))
            } else if trees.isEmpty {
                try Self.add(line, to: &head)
            } else {
                try Self.add(line, to: &trees[trees.count - 1])
            }
        }
        throw ForestError(.truncated, "the model ends without '\(Self.end)', after \(bytes.count) bytes")
    }

    /// The next line that is not empty, taken away.
    private static func nextLine(of rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[..<end]
            rest = rest[min(end + 1, rest.endIndex)...]
            if !line.isEmpty { return line }
        }
        return nil
    }

    private static func add(_ line: ArraySlice<UInt8>, to section: inout Section) throws(ForestError) {
        guard let separator = line.firstIndex(of: UInt8(ascii: "=")) else {
            section.flags.insert(String(decoding: line.prefix(64), as: UTF8.self))
            return
        }
        let key = String(decoding: line[..<separator], as: UTF8.self)
        guard section.values.updateValue(line[(separator + 1)...], forKey: key) == nil else {
            throw ForestError(.duplicateKey, "'\(key.prefix(64))' of '\(section.name)' appears twice")
        }
    }
}
