import type { Alert } from './alert.ts';
import type { Post } from './post.ts';

const words = { open: ':rotating_light:', update: ':hourglass:', close: ':white_check_mark:' } as const;

/** Slack cuts a text at 40,000 characters; nobody reads a hundredth of it. */
const maxTextLength = 3_000;

/** A message for an incoming webhook of Slack, whose URL is its key. */
export function slackPost(alert: Alert, url: string): Post {
  const { action, service, summary, finding } = alert;
  const { scopeName, trace, id } = finding;
  const lines = [
    `${words[action]} *${escaped(service)}*: ${escaped(summary)}`,
    scopeName === undefined ? undefined : `during ${escaped(scopeName)}`,
    trace === undefined ? undefined : `trace ${escaped(trace.traceId)}`,
    `finding ${escaped(id)}`,
  ].filter((line) => line !== undefined);
  const text = lines.join('\n').slice(0, maxTextLength);
  return { url, headers: {}, body: JSON.stringify({ text, unfurl_links: false, unfurl_media: false }) };
}

/** Slack's own rule: so that no name of an app becomes a link, or calls a whole channel. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
