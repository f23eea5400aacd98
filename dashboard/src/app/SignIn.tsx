import type { FormEvent } from "react";
import { useState } from "react";
import { request } from "../api/client";
import { ApiProblem } from "../api/problem";
import { session } from "../api/session";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";

/** Asks for a token. It is kept for this tab alone and sent nowhere but to the sidecar. */
export function SignIn({ reason }: { reason: string | null }) {
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const entered = token.trim();
    if (!/^[\x21-\x7e]{1,256}$/.test(entered)) {
      setProblem("A token is one word of at most 256 characters, as `herald token` printed it.");
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      await request("models?limit=1", { headers: { Authorization: `Bearer ${entered}` } });
      session.signIn(entered);
    } catch (error) {
      // Who is refused this for its role, or while a server behind is away, is known all the same.
      if (error instanceof ApiProblem && error.status !== 401 && error.status !== 0) session.signIn(entered);
      else setProblem(error instanceof ApiProblem ? error.plainly : String(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title="Sign in" onClose={() => session.dismiss()}>
      <form className="stack" onSubmit={submit}>
        <p className="muted">{reason ?? "Another token may do more."}</p>
        <Field label="Token" problem={problem} hint="Made with `herald token NAME --roles predict,read`; forgotten when this tab is closed.">
          {(props) => (
            <input
              {...props} className="input mono" type="password" autoComplete="off" spellCheck={false} data-autofocus value={token}
              onChange={(event) => setToken(event.target.value)}
            />
          )}
        </Field>
        <div className="row row-end">
          <Button onClick={() => session.dismiss()}>Not now</Button>
          <Button kind="primary" type="submit" isBusy={isBusy}>
            Sign in
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
