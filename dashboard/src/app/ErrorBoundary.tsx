import { Component } from "react";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";

/** An error of one page leaves the others usable. */
export class ErrorBoundary extends Component<{}, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <Notice tone="bad" title="This page has an error of its own" action={<Button onClick={() => this.setState({ error: null })}>Try again</Button>}>
        {this.state.error.message}
      </Notice>
    );
  }
}
