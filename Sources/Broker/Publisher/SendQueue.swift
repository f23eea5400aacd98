/// Messages waiting to be published, first in, first out; lost ones go back to the front.
package struct SendQueue<Message> {
    private var items: [Message] = []
    private var head = 0

    package init() {}

    package var count: Int { items.count - head }
    package var isEmpty: Bool { head == items.count }
    package var first: Message? { isEmpty ? nil : items[head] }

    package mutating func append(contentsOf messages: some Sequence<Message>) {
        if head > 1024, head * 2 > items.count {
            items.removeSubrange(..<head)
            head = 0
        }
        items.append(contentsOf: messages)
    }

    package mutating func removeFirst() {
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        }
    }

    package mutating func prepend(contentsOf messages: [Message]) {
        items.replaceSubrange(..<head, with: messages)
        head = 0
    }
}
