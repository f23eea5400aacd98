internal import Scoring

extension Problem {
    /// The problem that a defective job is for its sender.
    init(defect: JobDefect) {
        switch defect.code {
        case .tooLarge: self.init(.tooLarge, defect.message)
        case .outOfMemory: self.init(.unavailable, defect.message, retryAfter: 1)
        case .notUTF8, .notJSON, .notAnObject, .tooDeep: self.init(.invalidBody, defect.message)
        default: self.init(.invalidJob, "\(defect.field ?? "the job"): \(defect.message)", field: defect.field)
        }
    }
}
