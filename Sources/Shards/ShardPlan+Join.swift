internal import Bitstream
internal import Containers
public import Encoding
internal import Ingest
public import Jobs
internal import Media
internal import Places
public import SystemPackage
internal import Threading
internal import VideoTypes

extension ShardPlan {
    /// Puts the shards together: the same bytes as one machine gives that encodes all segments.
    ///
    /// - Parameters:
    ///   - job: The job, made again from ``arguments``, with the requested output.
    ///   - folder: Where shards are.
    ///   - context: As for a job.
    /// - Returns: The receipt. Every frame of every shard is in the output then.
    /// - Throws: ``Jobs/JobError``, for example if a shard is missing or does not match its receipt.
    @available(*, noasync, message: "blocks the calling thread")
    public func join(
        _ job: EncodeJob,
        from folder: FilePath,
        _ context: EncodeJob.Context
    ) throws(JobError) -> Receipt {
        try checkLibraries()
        let folder = ShardFolder(path: folder)
        let inventory = try ShardInventory(self, in: folder)
        guard inventory.unusable.isEmpty else { throw try inventory.failure(folder, context.interrupt) }
        var job = job
        job.otherInputs += segments.indices.flatMap { [folder.shard($0), folder.receipt($0)] }
        try job.checkKeeping()
        try job.checkKeepingFile()
        try job.checkPlaces()
        try asJobError { () throws(SinkError) in try job.output.checkAvailable() }
        let run = EncodeRun(restored(job), context)
        let plan = try restored(job).segmentPlan(header())
        try checkConfiguration(plan)
        plan.notices.forEach(run.notices.add)
        return try run.encode(
            ShardFeed(shards: self, inventory: inventory, folder: folder, plan: plan, context: context)
        )
    }

    private func header() throws(JobError) -> InputHeader? {
        guard let line = input.header else { return nil }
        do throws(BitstreamError) {
            return InputHeader(try Y4MHeader(parsing: Array(line.utf8)))
        } catch {
            throw .plan("the plan has an invalid Y4M header: \(error)")
        }
    }
}

/// The chunks of a plan's shards, which were encoded before.
private struct ShardFeed: FrameFeed {
    let shards: ShardPlan
    let inventory: ShardInventory
    let folder: ShardFolder
    let plan: EncodePlan
    let context: EncodeJob.Context
    let waitingBytes = 16 << 20
    var isInterrupted = false

    mutating func feed(_ stage: OutputStage) throws(JobError) {
        context.progress.begin(
            encoders: StageThreads(clock: StageClock(), count: 1),
            framerate: plan.framerate,
            knownFrames: shards.input.frames
        )
        let order = SegmentOrder(plan)
        for (part, receipt) in zip(shards.segments, inventory.receipts) {
            do throws(JobError) {
                try write(part, receipt, ShardProof(part, plan.framerate), order, to: stage)
            } catch .damagedShard(let name, let reason) {
                let found = (part.index, "\(JobError.damagedShard(name: name, reason: reason))")
                throw try inventory.failure(folder, found: found, context.interrupt)
            }
        }
        isInterrupted = context.interrupt.isTriggered
    }

    func read() -> ReadInput {
        ReadInput(
            frames: shards.segments.reduce(0) { $0 + $1.frames },
            bytes: inventory.receipts.reduce(0) { $0 + $1.bytes },
            isInterrupted: isInterrupted
        )
    }

    private func write(
        _ part: ShardPlan.Part,
        _ receipt: ShardReceipt,
        _ proof: ShardProof,
        _ order: SegmentOrder,
        to stage: OutputStage
    ) throws(JobError) {
        let name = folder.shard(part.index).spelled
        var reader = try ShardReader(folder.shard(part.index), context.interrupt)
        guard reader.length == receipt.bytes else {
            let reason = "it has \(reader.length ?? 0) bytes, but \(receipt.bytes) in its receipt"
            throw .damagedShard(name: name, reason: reason)
        }
        var proof = proof
        while let chunk = try reader.next() {
            do {
                try proof.add(chunk)
                try stage.write(try order.checked(chunk))
            } catch let flaw as ShardProof.Flaw {
                throw .damagedShard(name: name, reason: flaw.reason)
            } catch let mismatch as SegmentMismatch {
                throw .damagedShard(name: name, reason: "\(mismatch)")
            } catch {
                throw .defect("\(error)")
            }
        }
        guard !context.interrupt.isTriggered else { throw .interrupted }
        do throws(ShardProof.Flaw) { try proof.end() } catch {
            throw .damagedShard(name: name, reason: error.reason)
        }
        guard reader.finish() == receipt.sha256 else {
            throw .damagedShard(name: name, reason: "its digest differs from its receipt")
        }
    }
}
