/// Messages waiting to be published, first in, first out; lost ones go back to the front.
struct SendQueue<Message> {
    private var items: [Message] = []
    private var head = 0

    var count: Int { items.count - head }
    var isEmpty: Bool { head == items.count }
    var first: Message? { isEmpty ? nil : items[head] }

    mutating func append(contentsOf messages: some Sequence<Message>) {
        if head > 1024, head * 2 > items.count {
            items.removeSubrange(..<head)
            head = 0
        }
        items.append(contentsOf: messages)
    }

    mutating func removeFirst() {
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        }
    }

    mutating func prepend(contentsOf messages: [Message]) {
        items.replaceSubrange(..<head, with: messages)
        head = 0
    }
}
