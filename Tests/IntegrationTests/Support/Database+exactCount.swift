import Store

extension Database {
    /// How many documents a collection holds: counted, where `estimatedCount` may be wrong after a crash of the server.
    func exactCount(of collection: Collection) throws -> Int {
        let command = #"{"aggregate": "\#(collection.rawValue)", "pipeline": [{"$count": "n"}], "cursor": {}}"#
        let reply = try read(Document(json: command, doing: "counting"), doing: "counting")
        let first = reply["cursor"]?.document?["firstBatch"]?.document?.values.first?.document
        return Int(first?["n"]?.integer ?? 0)
    }
}
