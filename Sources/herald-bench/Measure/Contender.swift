/// One of those that are compared: does a task and says how long that took.
struct Contender<Task> {
    let name: String
    /// Nanoseconds for the task; it may do as much as it likes before its clock starts.
    let time: (Task) throws -> Double
}
