/// The category sets of a forest's categorical splits, as bit fields one behind the other.
struct CategorySets {
    private var words: [UInt32] = []
    /// Start of each set in `words`; the last element is the end of the last set.
    private var starts: [Int] = [0]

    var wordCount: Int { words.count }

    /// Adds a set of categories, each in `0..<ImportLimits.categories`, and returns its index.
    mutating func append(_ categories: ArraySlice<Int64>) -> Int {
        let start = words.count
        words.append(contentsOf: repeatElement(0, count: Int(categories.max() ?? 0) / 32 + 1))
        for category in categories {
            words[start + Int(category) / 32] |= 1 << UInt32(category % 32)
        }
        starts.append(words.count)
        return starts.count - 2
    }

    /// Adds a set as its bit field, 32 categories a word, and returns its index.
    mutating func append(words bits: [UInt32]) -> Int {
        words.append(contentsOf: bits)
        starts.append(words.count)
        return starts.count - 2
    }

    /// Whether set `index` lists the category a feature value stands for.
    ///
    /// As XGBoost's `common::Decision`: the fraction is cut off; what is negative, 2^24 or more, or beyond the set is not listed.
    func contains(_ value: Float, inSet index: Int) -> Bool {
        guard value >= 0, value < Float(ImportLimits.categories) else { return false }
        let category = Int(value)
        let word = starts[index] + category / 32
        guard word < starts[index + 1] else { return false }
        return words[word] >> UInt32(category % 32) & 1 == 1
    }

    /// The ascending values at which membership in set `index` begins or ends; `nil` if there are more than `limit`.
    func boundaries(ofSet index: Int, limit: Int) -> [Float]? {
        var boundaries: [Float] = []
        var isMember = false
        for word in starts[index]..<starts[index + 1] {
            for bit in 0..<32 where (words[word] >> UInt32(bit) & 1 == 1) != isMember {
                isMember.toggle()
                guard boundaries.count < limit else { return nil }
                boundaries.append(Float((word - starts[index]) * 32 + bit))
            }
        }
        if isMember { boundaries.append(Float((starts[index + 1] - starts[index]) * 32)) }
        return boundaries.count <= limit ? boundaries : nil
    }
}
