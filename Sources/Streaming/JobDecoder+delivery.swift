internal import Broker
internal import Scoring

extension JobDecoder {
    mutating func job(in delivery: Delivery) throws(MessageDefect) -> Job {
        do throws(JobDefect) {
            return try delivery.body.withUnsafeBytes { bytes throws(JobDefect) in try decode(bytes) }
        } catch {
            throw MessageDefect(error)
        }
    }

    mutating func outcome(in delivery: Delivery) throws(MessageDefect) -> Outcome {
        do throws(JobDefect) {
            return try delivery.body.withUnsafeBytes { bytes throws(JobDefect) in try decodeOutcome(bytes) }
        } catch {
            throw MessageDefect(error)
        }
    }
}
