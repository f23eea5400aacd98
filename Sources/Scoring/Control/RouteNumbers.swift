/// Small numbers for the names of routes, so that what is kept for each lies in arrays.
///
/// At most `limit` names; when they run out, the eighth of them that has been unused the longest gives its numbers back.
package struct RouteNumbers: Equatable, Sendable {
    /// Most routes, at least 16: a job's.
    package static let limit = 1024

    private var numbers: [String: Int] = [:]
    private var names: [String] = []
    private var usedAt: [UInt64] = []
    private var uses: UInt64 = 0
    private var free: [Int] = []

    package init() {}

    /// Numbers in use.
    package var count: Int { numbers.count }

    /// The number of `name`, and whether it stood for another name, or none, until now.
    package mutating func number(of name: String) -> (number: Int, isNew: Bool) {
        uses += 1
        if let number = numbers[name] {
            usedAt[number] = uses
            return (number, false)
        }
        if numbers.count >= Self.limit { forget() }
        let number: Int
        if let unused = free.popLast() {
            number = unused
            names[number] = name
            usedAt[number] = uses
        } else {
            number = names.count
            names.append(name)
            usedAt.append(uses)
        }
        numbers[name] = number
        return (number, true)
    }

    private mutating func forget() {
        // Uses are all different, so the order is the same in every process.
        let byAge = numbers.values.sorted { usedAt[$0] < usedAt[$1] }
        for number in byAge.prefix(Self.limit / 8) {
            numbers[names[number]] = nil
            free.append(number)
        }
    }
}
