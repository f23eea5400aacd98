/// A first-in first-out buffer whose elements keep their numbers: number 0 is the first one ever appended.
struct RingBuffer<Element> {
    private var slots: [Element?] = Array(repeating: nil, count: 1024)
    private(set) var firstNumber = 0
    private var nextNumber = 0

    var isEmpty: Bool { firstNumber == nextNumber }

    var count: Int { nextNumber - firstNumber }

    /// Appends and returns the element's number.
    mutating func append(_ element: Element) -> Int {
        if nextNumber - firstNumber == slots.count { grow() }
        slots[nextNumber & (slots.count - 1)] = element
        defer { nextNumber += 1 }
        return nextNumber
    }

    /// The element of `number`, which must still be held.
    subscript(number: Int) -> Element? {
        get { slots[number & (slots.count - 1)] }
        _modify { yield &slots[number & (slots.count - 1)] }
    }

    /// The oldest element.
    var first: Element? { isEmpty ? nil : self[firstNumber] }

    /// Removes the oldest element.
    mutating func removeFirst() {
        guard !isEmpty else { return }
        self[firstNumber] = nil
        firstNumber += 1
    }

    private mutating func grow() {
        var larger: [Element?] = Array(repeating: nil, count: slots.count * 2)
        for number in firstNumber..<nextNumber { larger[number & (larger.count - 1)] = self[number] }
        slots = larger
    }
}
