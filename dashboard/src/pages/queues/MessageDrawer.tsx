import { useState } from "react";
import { usePoll } from "../../api/poll";
import { useWhyNot } from "../../api/useStore";
import type { QuarantinedMessage } from "../../api/types";
import { link } from "../../app/router";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Dialog } from "../../ui/Dialog";
import { Empty } from "../../ui/Empty";
import { bytes, dateTime, plural } from "../../ui/format";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import { RequeueDialog } from "./RequeueDialog";
import { bodyText, reasonText } from "./requeue";

/** One message in quarantine, whole. */
export function MessageDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const polled = usePoll<QuarantinedMessage>(`quarantine/${encodeURIComponent(id)}`);
  const whyNot = useWhyNot("admin");
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Dialog title="Message in quarantine" isDrawer onClose={onClose}>
      {polled.problem?.status === 404 ? (
        <Empty title="It is not in quarantine any more">Or it lies behind the first 2000 messages, which are those that can be looked at.</Empty>
      ) : (
        <Loaded from={polled} height={360}>
          {(message) => (
            <div className="stack">
              <Notice tone="warn" title={`${reasonText(message.reason)}${message.field === null ? "" : `: ${message.field}`}.`}>
                {message.detail}
              </Notice>
              <div className="row">
                <Button
                  kind="primary" disabledBecause={whyNot ?? (message.requeueable ? null : "It is not known which queue it came from, so it cannot go back.")}
                  onClick={() => setIsAsking(true)}
                >
                  Requeue…
                </Button>
                {message.body !== null && <CopyButton text={message.body}>Copy body</CopyButton>}
                <CopyButton text={new URL(link(["queues", message.id]), location.href).href}>Copy link</CopyButton>
              </div>
              <dl className="definition">
                <dt>In quarantine since</dt>
                <dd>{dateTime(message.at)}</dd>
                <dt>Came from</dt>
                <dd className="mono">{message.queue ?? "not known"}</dd>
                <dt>Message id</dt>
                <dd className="mono">{message.message_id ?? "none"}</dd>
                <dt>Content type</dt>
                <dd>{message.content_type ?? "none"}</dd>
                <dt>Size</dt>
                <dd>{bytes(message.size)}</dd>
                <dt>Moved back</dt>
                <dd>{message.requeued === 0 ? "never" : plural(message.requeued, "time")}</dd>
              </dl>
              <h3>
                Body {message.body_form === "base64" && <span className="faint">base64, for it is no text</span>}
                {message.truncated && <span className="faint"> the first 1 MiB</span>}
              </h3>
              {message.hidden ? (
                <Notice tone="info" title="Hidden.">A body that is no JSON may hold a recipient anywhere: it is shown to the role admin alone.</Notice>
              ) : message.body === null || message.body === "" ? (
                <Empty title="The body is empty" />
              ) : (
                <pre className="code" tabIndex={0} aria-label="Body of the message; recipients are replaced">
                  {bodyText(message)}
                </pre>
              )}
              {!message.hidden && message.body !== null && <p className="faint small">Every recipient is replaced by ***.</p>}
              {isAsking && <RequeueDialog messages={[message]} depth={1} seen={[message]} onClose={() => setIsAsking(false)} onDone={() => polled.refresh()} />}
            </div>
          )}
        </Loaded>
      )}
    </Dialog>
  );
}
