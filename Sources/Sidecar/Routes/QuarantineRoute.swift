internal import Broker
internal import Foundation
internal import HTTPTypes
package import Hummingbird
internal import Logging
internal import NIOCore
package import Scoring
package import Store

/// `GET /quarantine`, `GET /quarantine/{id}` and `POST /quarantine/requeue`.
package struct QuarantineRoute: Sendable {
    /// Bytes of a body that a list shows, and that one message shows.
    static let previewBytes = 512
    static let wholeBytes = 1 << 20
    private static let defaultCount = 50
    private static let largestCount = 200
    private static let bodyLimit = 256 * 1024

    private let desk: QuarantineDesk
    private let database: Database
    private let pool: BlockingPool
    private let now: @Sendable () -> Timestamp

    /// - Parameter now: the wall clock, for the audit.
    package init(desk: QuarantineDesk, database: Database, pool: BlockingPool, now: @escaping @Sendable () -> Timestamp) {
        self.desk = desk
        self.database = database
        self.pool = pool
        self.now = now
    }

    package func add(to router: some RouterMethods<SidecarContext>) {
        let readers = router.group("quarantine").add(middleware: RoleMiddleware(.read))
        readers.get(use: list)
        readers.get("{id}", use: show)
        router.group("quarantine").add(middleware: RoleMiddleware(.admin)).post("requeue", use: requeue)
    }

    // MARK: Looking

    @Sendable private func list(_ request: Request, _ context: SidecarContext) async throws -> JSONAnswer<QuarantineListAnswer> {
        let query = try Query(request, allowing: ["limit", "cursor"])
        let count = try query.integer("limit", in: 1...Self.largestCount) ?? Self.defaultCount
        var cursor: QuarantineCursor?
        if let text = try query.text("cursor") {
            cursor = QuarantineCursor(text)
            guard cursor != nil else {
                throw Problem(.invalidParameter, "is not one that an answer gave as 'next'", field: "cursor")
            }
        }
        let (page, depth) = try await desk.page(of: count, after: cursor) { [self] in
            entry($0, limit: Self.previewBytes, for: context.caller)
        }
        guard page.isFound else {
            throw Problem(.invalidParameter, "its message has left the quarantine; begin again without a cursor", field: "cursor")
        }
        let reach = min(depth, QuarantineDesk.window)
        return JSONAnswer(QuarantineListAnswer(depth: depth, reach: reach, messages: page.entries, next: page.next(of: reach)?.text))
    }

    @Sendable private func show(_ request: Request, _ context: SidecarContext) async throws -> JSONAnswer<QuarantineEntryAnswer> {
        _ = try Query(request, allowing: [])
        let id = try context.parameters.require("id")
        guard QuarantineCursor.isID(id) else {
            throw Problem(.invalidParameter, "is 32 hexadecimal digits, as in the list", field: "id")
        }
        let found = try await desk.find(id) { [self] in entry($0, limit: Self.wholeBytes, for: context.caller) }
        guard let found else {
            throw Problem(.notFound, "none of the first \(QuarantineDesk.window) messages in quarantine has this id")
        }
        return JSONAnswer(found)
    }

    private func entry(_ message: QuarantinedMessage, limit: Int, for caller: Caller) -> QuarantineEntryAnswer {
        QuarantineEntryAnswer(
            message, limit: limit, showsUnparsed: caller.may(.admin), isRequeueable: desk.obstacle(to: message) == nil)
    }

    // MARK: Moving

    @Sendable private func requeue(_ request: Request, _ context: SidecarContext) async throws -> JSONAnswer<QuarantineMoveAnswer> {
        _ = try Query(request, allowing: [])
        let order = try QuarantineOrder(try await request.jsonBody(upTo: Self.bodyLimit))
        let right = try desk.beginMove()
        let begun = auditEntry(order, context, count: order.ids.count, ids: order.ids, result: "begun")
        do {
            try await pool.run { [database] in try database.append(begun) }
        } catch let error as StoreError {
            context.logger.warning("no message is moved, because the audit cannot be written: \(error)")
            throw Problem(.unavailable, "the audit cannot be written, so nothing was moved", retryAfter: 2)
        }
        let report: QuarantineMove.Report
        do {
            report = try await desk.move(order.selection, reason: order.reason, by: right)
        } catch {
            let failed = auditEntry(order, context, count: 0, ids: [], result: "failed", detail: "nothing was moved")
            await append(failed, context)
            throw error
        }
        let ended = auditEntry(
            order, context, count: report.moved, ids: report.movedIDs, result: report.isCutShort || report.failed > 0 ? "partial" : "done",
            detail: "\(report.moved) moved, \(report.failed) failed, \(report.missing.count) missing, \(report.remaining) remain")
        let isAudited = await append(ended, context)
        context.logger.notice("\(context.caller.name) moved \(report.moved) messages out of quarantine; \(report.remaining) remain")
        return JSONAnswer(QuarantineMoveAnswer(report, isAudited: isAudited))
    }

    /// What is done is done: without this entry, the one that says that it began still stands.
    @discardableResult
    private func append(_ entry: AuditEntry, _ context: SidecarContext) async -> Bool {
        do {
            try await pool.run { [database] in try database.append(entry) }
            return true
        } catch {
            context.logger.error("the audit lacks how a move ended (\(entry.detail ?? entry.result)): \(error)")
            return false
        }
    }

    private func auditEntry(
        _ order: QuarantineOrder, _ context: SidecarContext, count: Int, ids: [String], result: String, detail: String? = nil
    ) -> AuditEntry {
        AuditEntry(
            at: now(), who: context.caller.name, action: order.isAll ? "requeue_all" : "requeue", queue: desk.names.quarantine,
            count: count, ids: ids, reason: order.reason, result: result, detail: detail, requestID: context.requestID)
    }
}
