<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="ja">
<context>
    <name>AccountDialog</name>
    <message>
        <source>メールアカウント</source>
        <translation>Mail account</translation>
    </message>
    <message>
        <source>テストして保存</source>
        <translation>Test and keep</translation>
    </message>
    <message>
        <source>メールを送るアカウント</source>
        <translation>The account from which mail leaves</translation>
    </message>
    <message>
        <source>アプリパスワードは、この端末の鍵で封をして保管します。暗号化されない接続は使いません。</source>
        <translation>The app password is sealed with this device&apos;s key. Connections without encryption are not used.</translation>
    </message>
    <message>
        <source>imap.example.jp(空欄なら返信を読みません)</source>
        <translation>imap.example.jp (empty: replies are not read)</translation>
    </message>
    <message>
        <source>TLS(はじめから暗号化)</source>
        <translation>TLS (encrypted from the start)</translation>
    </message>
    <message>
        <source>STARTTLS(途中から暗号化)</source>
        <translation>STARTTLS (encrypted on the way)</translation>
    </message>
    <message>
        <source>送信サーバー</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>暗号化</source>
        <translation>Encryption</translation>
    </message>
    <message>
        <source>ポート</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>差出人のアドレス</source>
        <translation>Sender&apos;s address</translation>
    </message>
    <message>
        <source>差出人の名前</source>
        <translation>Sender&apos;s name</translation>
    </message>
    <message>
        <source>ユーザー名</source>
        <translation>User</translation>
    </message>
    <message>
        <source>アプリパスワード</source>
        <translation>App password</translation>
    </message>
    <message>
        <source>受信サーバー(TLS)</source>
        <translation>Server for replies (TLS)</translation>
    </message>
    <message>
        <source>受信ポート</source>
        <translation>Port for replies</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>(保存済み。変えるときだけ入れる)</source>
        <translation>(kept; type only to change it)</translation>
    </message>
    <message>
        <source>(サーバーかユーザーが変わるので入れ直す)</source>
        <translation>(another server or user: enter it again)</translation>
    </message>
    <message>
        <source>サーバーにつないでいます</source>
        <translation>Connecting to the server</translation>
    </message>
</context>
<context>
    <name>ActionForm</name>
    <message>
        <source>宿題</source>
        <translation>Action item</translation>
    </message>
    <message>
        <source>宿題を記録</source>
        <translation>Note the action item</translation>
    </message>
    <message>
        <source>宿題の内容</source>
        <translation>What is to be done</translation>
    </message>
    <message>
        <source>例: 検証質問の2つ目を言い換える</source>
        <translation>e.g. Reword the second verification question</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Who</translation>
    </message>
    <message>
        <source>期限</source>
        <translation>Due</translation>
    </message>
</context>
<context>
    <name>Agenda</name>
    <message>
        <source>外れた案件</source>
        <translation>Deviating cases</translation>
    </message>
    <message>
        <source>外れた案件はありません</source>
        <translation>No case deviates</translation>
    </message>
    <message>
        <source>商談にならなかった引き渡し・差し戻し・聞き直し・SLA超過・転換率の落ちたセグメントが、ここに並びます。</source>
        <translation>Handoffs that became no opportunity, returned ones, facts asked again, breaks of the SLA and segments whose conversion fell are listed here.</translation>
    </message>
    <message>
        <source>定義と実態のずれ</source>
        <translation>Drift from the definitions</translation>
    </message>
    <message>
        <source>疑われる定義</source>
        <translation>Definitions in question</translation>
    </message>
    <message>
        <source>疑われる定義はありません</source>
        <translation>No definition is in question</translation>
    </message>
    <message>
        <source>外れた案件やずれが問う定義が、件数とともにここに並びます。</source>
        <translation>The definitions that cases and drift ask about are listed here, with how many ask.</translation>
    </message>
    <message>
        <source>理由の記録はありません</source>
        <translation>No reason was given</translation>
    </message>
    <message>
        <source>失注・お断り理由の推移</source>
        <translation>Trend of losses and refusals</translation>
    </message>
    <message>
        <source>再開するリードはありません</source>
        <translation>No lead wakes</translation>
    </message>
    <message>
        <source>再育成リスト</source>
        <translation>Re-nurture list</translation>
    </message>
    <message>
        <source>再育成リスト(期間の後、翌月末まで)</source>
        <translation>Re-nurture list (after the period, until the end of the next month)</translation>
    </message>
    <message>
        <source>数字</source>
        <translation>Figures</translation>
    </message>
    <message>
        <source>外れた案件 {n}</source>
        <translation>Cases {n}</translation>
    </message>
    <message>
        <source>ずれ {n}</source>
        <translation>Drift {n}</translation>
    </message>
    <message>
        <source>疑われる定義 {n}</source>
        <translation>In question {n}</translation>
    </message>
    <message>
        <source>失注と再育成</source>
        <translation>Losses, re-nurture</translation>
    </message>
</context>
<context>
    <name>AlignmentPage</name>
    <message>
        <source>読んでいます…</source>
        <translation>Reading…</translation>
    </message>
    <message>
        <source>集計し直しています…</source>
        <translation>Counting anew…</translation>
    </message>
    <message>
        <source>数字は確定時のもの ・ 明細はいまの記録</source>
        <translation>Figures as they were fixed ・ records as they are now</translation>
    </message>
</context>
<context>
    <name>ApprovalOffer</name>
    <message>
        <source>承認を依頼</source>
        <translation>Ask for approval</translation>
    </message>
    <message>
        <source>承認を依頼しました。返答は「チーム」で見られます(取り消し Ctrl+Z)</source>
        <translation>Approval asked for. The answer appears under Team (undo with Ctrl+Z)</translation>
    </message>
</context>
<context>
    <name>ApprovalWatch</name>
    <message>
        <source>承認されました: {what} {who}</source>
        <translation>Approved: {what} {who}</translation>
    </message>
    <message>
        <source>却下されました: {what} {who} — {why}</source>
        <translation>Rejected: {what} {who} — {why}</translation>
    </message>
</context>
<context>
    <name>Area</name>
    <message>
        <source>{n}行目: </source>
        <translation>Line {n}: </translation>
    </message>
</context>
<context>
    <name>AskCard</name>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>決定</source>
        <translation>Confirm</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>ほかの理由(自由記入)</source>
        <translation>Another reason (in your own words)</translation>
    </message>
</context>
<context>
    <name>AskDialog</name>
    <message>
        <source>承認を依頼</source>
        <translation>Ask for approval</translation>
    </message>
    <message>
        <source>チームリーダーが見て判断できるように、理由を書いてください。</source>
        <translation>Give the reason, so that your team lead can decide.</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>例: 本人から再開の希望があった</source>
        <translation>For example: they asked to be called again</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>AskPanel</name>
    <message>
        <source>記録する</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>再コール日時</source>
        <translation>Call back at</translation>
    </message>
    <message>
        <source>商談日時</source>
        <translation>Meeting time</translation>
    </message>
    <message>
        <source>FS担当</source>
        <translation>FS owner</translation>
    </message>
    <message>
        <source>場所・URL</source>
        <translation>Place or link</translation>
    </message>
    <message>
        <source>例: 先方本社 / オンライン</source>
        <translation>e.g. their head office / online</translation>
    </message>
    <message>
        <source>参加者</source>
        <translation>Attendees</translation>
    </message>
    <message>
        <source>例: 山田様、購買課 佐藤様</source>
        <translation>e.g. Mr Yamada, Ms Sato (purchasing)</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>検討時期</source>
        <translation>Time of adoption</translation>
    </message>
    <message>
        <source>競合</source>
        <translation>Competitor</translation>
    </message>
    <message>
        <source>例: 他社名・製品名</source>
        <translation>e.g. another vendor or product</translation>
    </message>
    <message>
        <source>お客様の言葉</source>
        <translation>In the customer&apos;s words</translation>
    </message>
    <message>
        <source>言われたとおりに</source>
        <translation>Exactly as said</translation>
    </message>
    <message>
        <source>範囲</source>
        <translation>Scope</translation>
    </message>
    <message>
        <source>会社全体も停止</source>
        <translation>Stop the whole company</translation>
    </message>
    <message>
        <source>応答者</source>
        <translation>Who answered</translation>
    </message>
    <message>
        <source>戻り時刻</source>
        <translation>Back at</translation>
    </message>
</context>
<context>
    <name>Asking</name>
    <message>
        <source>+ 質問</source>
        <translation>+ Question</translation>
    </message>
    <message>
        <source>新しい質問</source>
        <translation>New question</translation>
    </message>
</context>
<context>
    <name>AttachPanel</name>
    <message>
        <source>記録しない</source>
        <translation>Record nothing</translation>
    </message>
    <message>
        <source>この着信を、リードに付けずに片づける</source>
        <translation>Put this call away without a lead</translation>
    </message>
    <message>
        <source>作って付ける</source>
        <translation>Make and attach</translation>
    </message>
    <message>
        <source>着信をリードに付ける</source>
        <translation>Put the call to a lead</translation>
    </message>
    <message>
        <source>氏名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>会社</source>
        <translation>Company</translation>
    </message>
    <message>
        <source>候補</source>
        <translation>Candidates</translation>
    </message>
    <message>
        <source>着信</source>
        <translation>Incoming call</translation>
    </message>
    <message>
        <source>リードを探す(名前・会社・電話番号・メール)</source>
        <translation>Find a lead (name, company, number, mail)</translation>
    </message>
    <message>
        <source>リードを探す</source>
        <translation>Find a lead</translation>
    </message>
    <message>
        <source>番号非通知</source>
        <translation>Number withheld</translation>
    </message>
    <message>
        <source>不在着信 {at} ・ {number}</source>
        <translation>Missed {at} · {number}</translation>
    </message>
    <message>
        <source>受電 {at} ・ {number}</source>
        <translation>Received {at} · {number}</translation>
    </message>
    <message>
        <source>受電 {at} ・ {number} ・ 通話 {time}</source>
        <translation>Received {at} · {number} · talked {time}</translation>
    </message>
    <message>
        <source>新しいリードを作る「{name}」</source>
        <translation>Make a new lead “{name}”</translation>
    </message>
    <message>
        <source>新しいリードを作る</source>
        <translation>Make a new lead</translation>
    </message>
    <message>
        <source>新規</source>
        <translation>New</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Lead</translation>
    </message>
    <message>
        <source>直通</source>
        <translation>direct</translation>
    </message>
    <message>
        <source>携帯</source>
        <translation>mobile</translation>
    </message>
    <message>
        <source>{number} を{field}に加える</source>
        <translation>Add {number} as {field} number</translation>
    </message>
    <message>
        <source>番号非通知のため、番号は加えません。</source>
        <translation>The number is withheld; none is added.</translation>
    </message>
    <message>
        <source>架電禁止の番号です。新しいリードも架電禁止になります。</source>
        <translation>This number is on the do-not-call list; the new lead may not be called either.</translation>
    </message>
    <message>
        <source>架電禁止の番号です。リードには加えません。</source>
        <translation>This number is on the do-not-call list; it joins no lead.</translation>
    </message>
    <message>
        <source>{number} が新しいリードの番号になります。</source>
        <translation>{number} becomes the new lead&apos;s number.</translation>
    </message>
    <message>
        <source>番号の欄が空いていないか、登録済みです。番号はそのままです。</source>
        <translation>The number is there already, or no place for it is free. Numbers stay as they are.</translation>
    </message>
    <message>
        <source>氏名か会社を入れてください。</source>
        <translation>Enter a name or a company.</translation>
    </message>
</context>
<context>
    <name>BranchForm</name>
    <message>
        <source>分岐</source>
        <translation>Branch</translation>
    </message>
    <message>
        <source>名前</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>名前(英語)</source>
        <translation>Name (English)</translation>
    </message>
    <message>
        <source>どの段階で</source>
        <translation>In which step</translation>
    </message>
    <message>
        <source>進む先</source>
        <translation>Leads to</translation>
    </message>
    <message>
        <source>から →</source>
        <translation>to →</translation>
    </message>
    <message>
        <source>次がすべて合うとき</source>
        <translation>Where all of this holds</translation>
    </message>
    <message>
        <source>この分岐に進むことはありません。前の分岐が必ず先に合うか、条件に合う値がありません。</source>
        <translation>This branch is never taken: one before it always holds first, or no value meets its conditions.</translation>
    </message>
    <message>
        <source>続けて話す文面</source>
        <translation>What is said then</translation>
    </message>
    <message>
        <source>英語の文面(なければ日本語)</source>
        <translation>English text (Japanese where there is none)</translation>
    </message>
    <message>
        <source>英語の文面</source>
        <translation>English text</translation>
    </message>
</context>
<context>
    <name>BugDialog</name>
    <message>
        <source>不具合の報告</source>
        <translation>Bug report</translation>
    </message>
    <message>
        <source>プログラムの不具合で、いまの操作を終えられませんでした。</source>
        <translation>A bug in the program kept it from finishing what you did.</translation>
    </message>
    <message>
        <source>記録済みの内容は保存されています。同じ操作をもう一度お試しください。</source>
        <translation>What was recorded is safe. Please try the same thing again.</translation>
    </message>
    <message>
        <source>この報告に個人情報は含まれません。自動では送信しません。</source>
        <translation>This report holds no personal data and is not sent by itself.</translation>
    </message>
    <message>
        <source>報告をコピー</source>
        <translation>Copy the report</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>BulkBar</name>
    <message>
        <source>担当を変更</source>
        <translation>Change owner</translation>
    </message>
    <message>
        <source>後で</source>
        <translation>Later</translation>
    </message>
    <message>
        <source>固定</source>
        <translation>Pin</translation>
    </message>
    <message>
        <source>固定を外す</source>
        <translation>Unpin</translation>
    </message>
    <message>
        <source>同意を記録</source>
        <translation>Note consent</translation>
    </message>
    <message>
        <source>終了</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>架電禁止</source>
        <translation>Do not call</translation>
    </message>
    <message>
        <source>書き出す</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>選択を外す</source>
        <translation>Clear selection</translation>
    </message>
    <message>
        <source>どこで得たか(例: 名刺、展示会X)</source>
        <translation>Where it was heard (e.g. business card, fair X)</translation>
    </message>
    <message>
        <source>同意の出所</source>
        <translation>Source of consent</translation>
    </message>
    <message>
        <source>実行</source>
        <translation>Apply</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>{n}件を選択</source>
        <translation>{n} selected</translation>
    </message>
    <message>
        <source>次の担当に変更</source>
        <translation>Give to</translation>
    </message>
    <message>
        <source>次に出すときと理由</source>
        <translation>Show again, and why</translation>
    </message>
    <message>
        <source>キューの先頭に固定します</source>
        <translation>Pins them to the top of the queue</translation>
    </message>
    <message>
        <source>固定を外します</source>
        <translation>Unpins them</translation>
    </message>
    <message>
        <source>今後の架電を禁止します</source>
        <translation>Forbids any further call</translation>
    </message>
    <message>
        <source>次のステージで終了します</source>
        <translation>Ends the work with this stage</translation>
    </message>
    <message>
        <source>メールの同意の根拠</source>
        <translation>Basis of mail</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Owner</translation>
    </message>
    <message>
        <source>ステージ</source>
        <translation>Stage</translation>
    </message>
    <message>
        <source>同意の根拠</source>
        <translation>Basis of consent</translation>
    </message>
    <message>
        <source>次に出すとき</source>
        <translation>Show again</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>翌営業日</source>
        <translation>Next business day</translation>
    </message>
    <message>
        <source>3営業日後</source>
        <translation>In 3 business days</translation>
    </message>
    <message>
        <source>1週間後</source>
        <translation>In 1 week</translation>
    </message>
    <message>
        <source>1か月後</source>
        <translation>In 1 month</translation>
    </message>
    <message>
        <source>3か月後</source>
        <translation>In 3 months</translation>
    </message>
    <message>
        <source>1時間後</source>
        <translation>In 1 hour</translation>
    </message>
    <message>
        <source>{n}件が変わります</source>
        <translation>{n} will change</translation>
    </message>
    <message>
        <source>記録のない{n}件に記録します</source>
        <translation>noted for {n} that lack it</translation>
    </message>
    <message>
        <source>{n}件が変わり、{same}件はすでに同じです</source>
        <translation>{n} will change, {same} are so already</translation>
    </message>
</context>
<context>
    <name>BusyLine</name>
    <message>
        <source>中止</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n} done</translation>
    </message>
    <message>
        <source>{far} ・ 残り約{left}</source>
        <translation>{far} · about {left} left</translation>
    </message>
    <message>
        <source>{n}秒</source>
        <translation>{n} s</translation>
    </message>
    <message>
        <source>{n}分</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>中止しています</source>
        <translation>Stopping</translation>
    </message>
</context>
<context>
    <name>ByHandForm</name>
    <message>
        <source>ここでは書き直せません</source>
        <translation>Not to be changed here</translation>
    </message>
    <message>
        <source>この部分は、定義の文面でしか書き直せない形で書かれています。</source>
        <translation>This part is written in a form that only the text of the definitions can change.</translation>
    </message>
    <message>
        <source>定義の文面で直す</source>
        <translation>Open the text of the definitions</translation>
    </message>
</context>
<context>
    <name>CalendarCard</name>
    <message>
        <source>予定表</source>
        <translation>Calendar</translation>
    </message>
    <message>
        <source>確認しています</source>
        <translation>Looking</translation>
    </message>
    <message>
        <source>CalDAVのアドレス</source>
        <translation>CalDAV address</translation>
    </message>
    <message>
        <source>ユーザー名</source>
        <translation>User</translation>
    </message>
    <message>
        <source>パスワード(アプリ用)</source>
        <translation>Password (for apps)</translation>
    </message>
    <message>
        <source>商談の長さ(分)</source>
        <translation>Length of a meeting (minutes)</translation>
    </message>
    <message>
        <source>接続を確かめる</source>
        <translation>Test the connection</translation>
    </message>
    <message>
        <source>保存して使う</source>
        <translation>Save and use</translation>
    </message>
    <message>
        <source>予定表の接続をやめる</source>
        <translation>Disconnect the calendar</translation>
    </message>
    <message>
        <source>FSの予定は時間だけを読み、内容は読みません。パスワードも、読んだ時間も、暗号化してこの端末に保存します。</source>
        <translation>Of the calendars of FS only the times are read, never what they are about. Password and times are kept encrypted on this machine.</translation>
    </message>
    <message>
        <source>保存済み</source>
        <translation>Saved</translation>
    </message>
    <message>
        <source>まだ接続していません。接続すると、FSの空きがアポの質問に出ます。</source>
        <translation>Not connected yet. Once connected, the free slots of FS are offered when a meeting is set.</translation>
    </message>
    <message>
        <source>接続中。FSの予定表 {n}人分</source>
        <translation>Connected. Calendars of {n} people of FS</translation>
    </message>
    <message>
        <source> ・ 予定表への書き込み待ち {n}件</source>
        <translation> · {n} waiting to be written</translation>
    </message>
    <message>
        <source>{name}さんの予定表</source>
        <translation>Calendar of {name}</translation>
    </message>
    <message>
        <source>.ics を読み込む</source>
        <translation>Read an .ics</translation>
    </message>
    <message>
        <source>使わない</source>
        <translation>None</translation>
    </message>
    <message>
        <source>選択済みの予定表</source>
        <translation>The calendar chosen</translation>
    </message>
    <message>
        <source>まだ読んでいません</source>
        <translation>Not read yet</translation>
    </message>
    <message>
        <source>.ics {when}</source>
        <translation>.ics {when}</translation>
    </message>
    <message>
        <source>同期 {when}</source>
        <translation>Synced {when}</translation>
    </message>
    <message>
        <source>接続できました。予定表が{n}個あります。FSごとに選んで保存してください。</source>
        <translation>Connected: {n} calendars. Choose one for each person of FS and save.</translation>
    </message>
    <message>
        <source>接続できませんでした。前の設定のままです。</source>
        <translation>Could not connect. The earlier settings stay.</translation>
    </message>
    <message>
        <source>予定表をつなぎました。アポの質問にFSの空きが出ます。</source>
        <translation>The calendar is connected. Free slots of FS are offered when a meeting is set.</translation>
    </message>
    <message>
        <source>予定表の接続をやめました。商談はそのままです。</source>
        <translation>The calendar is disconnected. Meetings stay as they are.</translation>
    </message>
    <message>
        <source>予定表 (*.ics)</source>
        <translation>Calendar (*.ics)</translation>
    </message>
    <message>
        <source>FSの予定表を読み込む</source>
        <translation>Read a calendar of FS</translation>
    </message>
    <message>
        <source>予定を読み込みました: この先 {n}件</source>
        <translation>Calendar read: {n} times to come</translation>
    </message>
    <message>
        <source>予定を読み込みました: この先 {n}件(読めない予定 {bad}件は飛ばしました)</source>
        <translation>Read the calendar: {n} to come ({bad} events could not be read and were left out)</translation>
    </message>
    <message>
        <source>この先の予定はありません。前に読み込んだ予定は消え、すべて空きとして扱います</source>
        <translation>Nothing is to come. What was read before is gone; every time counts as free</translation>
    </message>
    <message>
        <source>ファイルを開けませんでした: {file}</source>
        <translation>Could not open {file}</translation>
    </message>
    <message>
        <source>確かめています</source>
        <translation>Testing</translation>
    </message>
</context>
<context>
    <name>CallController</name>
    <message>
        <source>通話中です。架電結果を選ぶと次へ進めます。</source>
        <translation>You are on a call. Choose its outcome to go on.</translation>
    </message>
    <message>
        <source>今かけられるリードはありません</source>
        <translation>No lead can be called now</translation>
    </message>
    <message>
        <source>保留中のリードは H、すべてのリードは Ctrl 2、新しいリストの取り込みは Ctrl I。</source>
        <translation>H shows leads on hold, Ctrl 2 all leads, Ctrl I imports a new list.</translation>
    </message>
    <message>
        <source>電話につながっていません。番号をコピーしました。かけたら架電結果を選んでください。</source>
        <translation>The telephone is not connected. The number was copied. Call by hand, then choose the outcome.</translation>
    </message>
    <message>
        <source>この端末には電話アプリがありません。番号をコピーしました。</source>
        <translation>This computer has no phone program. The number was copied.</translation>
    </message>
    <message>
        <source>不在着信として記録しました。かけ直せます。</source>
        <translation>Recorded as a missed call. You can call back.</translation>
    </message>
    <message>
        <source>前回の通話の架電結果がまだです。結果を選んでください。</source>
        <translation>Your last call has no outcome yet. Choose one.</translation>
    </message>
    <message>
        <source>電話番号をコピーしました。60秒後に消えます。</source>
        <translation>Number copied. It is cleared after 60 seconds.</translation>
    </message>
    <message>
        <source>提案している結果はありません。1〜0 か / で選んでください。</source>
        <translation>No outcome is proposed. Choose one with 1 to 0 or /.</translation>
    </message>
    <message>
        <source>かかった通話は取り消せません。F6 で切り、架電結果を選んでください。</source>
        <translation>A call that went through cannot be cancelled. Hang up with F6, then choose its outcome.</translation>
    </message>
</context>
<context>
    <name>CallPage</name>
    <message>
        <source>このリンクは開けません。CRMのhttpsのアドレスだけを開きます。</source>
        <translation>This link cannot be opened. Only https addresses of the CRM are opened.</translation>
    </message>
    <message>
        <source>このリンクは開けません。定義の link_hosts にあるホストだけを開きます。</source>
        <translation>This link cannot be opened. Only hosts in link_hosts of the definitions are opened.</translation>
    </message>
    <message>
        <source>この番号の切り返しはありません(1〜{n})。</source>
        <translation>There is no objection under this number (1 to {n}).</translation>
    </message>
    <message>
        <source>切り返しはありません。</source>
        <translation>There are no objections.</translation>
    </message>
    <message>
        <source>{name}さんに資料を送る約束を記録しました。</source>
        <translation>Material promised to {name}.</translation>
    </message>
    <message>
        <source>メールを書く  {key}</source>
        <translation>Write mail  {key}</translation>
    </message>
    <message>
        <source>このトークスクリプトに検証質問はありません。</source>
        <translation>This script has no qualifying questions.</translation>
    </message>
    <message>
        <source>固定しました。</source>
        <translation>Pinned.</translation>
    </message>
    <message>
        <source>固定を外しました。</source>
        <translation>Unpinned.</translation>
    </message>
    <message>
        <source>後に回しました(取り消し Ctrl+Z)</source>
        <translation>Put off (undo: Ctrl+Z)</translation>
    </message>
</context>
<context>
    <name>CallRecord</name>
    <message>
        <source>リードを開く(O)</source>
        <translation>Open the lead (O)</translation>
    </message>
    <message>
        <source>氏名不明</source>
        <translation>Name unknown</translation>
    </message>
    <message>
        <source>架電メモ</source>
        <translation>Call note</translation>
    </message>
    <message>
        <source>メモはありません</source>
        <translation>No note</translation>
    </message>
    <message>
        <source>スクリプトの質問への回答(いまの内容)</source>
        <translation>Answers to the script&apos;s questions (as they stand now)</translation>
    </message>
    <message>
        <source>未入力</source>
        <translation>Not known</translation>
    </message>
    <message>
        <source>リードの履歴</source>
        <translation>History of the lead</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Rep</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>応答者</source>
        <translation>Reached</translation>
    </message>
    <message>
        <source>{talk}(呼出 {ring})</source>
        <translation>{talk} (ring {ring})</translation>
    </message>
    <message>
        <source>通話時間</source>
        <translation>Talk time</translation>
    </message>
    <message>
        <source>スクリプト</source>
        <translation>Script</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>切り返し</source>
        <translation>Objections</translation>
    </message>
</context>
<context>
    <name>CallWorkspace</name>
    <message>
        <source>Alt+← / Alt+→ で段階を移ります</source>
        <translation>Alt+← / Alt+→ changes the phase</translation>
    </message>
    <message>
        <source>このリードに合うトークスクリプトはありません。</source>
        <translation>No talk script fits this lead.</translation>
    </message>
    <message>
        <source>分岐: {name} → {phase}(Alt+→)</source>
        <translation>Branch: {name} → {phase} (Alt+→)</translation>
    </message>
</context>
<context>
    <name>CareForm</name>
    <message>
        <source>値を直して送り直す</source>
        <translation>Correct a value and send again</translation>
    </message>
    <message>
        <source>直す項目</source>
        <translation>Field to correct</translation>
    </message>
    <message>
        <source>新しい値</source>
        <translation>New value</translation>
    </message>
    <message>
        <source>新しい値(Enterで決定)</source>
        <translation>New value (Enter to confirm)</translation>
    </message>
    <message>
        <source>別のリードに付け替える</source>
        <translation>Move to another lead</translation>
    </message>
    <message>
        <source>付け替え先のリード</source>
        <translation>Lead to move it to</translation>
    </message>
    <message>
        <source>名前・会社・電話番号で探す</source>
        <translation>Search by name, company or phone</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Lead</translation>
    </message>
    <message>
        <source>理由を書いて破棄する</source>
        <translation>Discard with a reason</translation>
    </message>
    <message>
        <source>送らない理由</source>
        <translation>Reason for not sending</translation>
    </message>
    <message>
        <source>送らない理由(操作履歴に残ります)</source>
        <translation>Reason for not sending (kept in the audit log)</translation>
    </message>
</context>
<context>
    <name>CheckStep</name>
    <message>
        <source>このつなぎ方でできること</source>
        <translation>What this connection can do</translation>
    </message>
    <message>
        <source>管理者への依頼をコピー</source>
        <translation>Copy the request to your administrator</translation>
    </message>
    <message>
        <source>もう一度確認</source>
        <translation>Check again</translation>
    </message>
    <message>
        <source>確かめています</source>
        <translation>Checking</translation>
    </message>
    <message>
        <source>{crm} に {name} さんとしてつながりました</source>
        <translation>Connected to {crm} as {name}</translation>
    </message>
    <message>
        <source>先に直すこと {n}件</source>
        <translation>{n} to put right first</translation>
    </message>
    <message>
        <source>使えます ・ 注意 {n}件</source>
        <translation>Usable ・ {n} to note</translation>
    </message>
    <message>
        <source>すべて問題ありません</source>
        <translation>All is well</translation>
    </message>
    <message>
        <source>isdeskを{crm}につなぐための依頼</source>
        <translation>Request for connecting isdesk to {crm}</translation>
    </message>
</context>
<context>
    <name>ChecklistButton</name>
    <message>
        <source>聞いてください</source>
        <translation>please ask</translation>
    </message>
    <message>
        <source>済み</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>不足</source>
        <translation>Missing</translation>
    </message>
    <message>
        <source>自動で入ります</source>
        <translation>filled in by itself</translation>
    </message>
    <message>
        <source>アポで入力</source>
        <translation>with the meeting</translation>
    </message>
    <message>
        <source>書いてください</source>
        <translation>please write</translation>
    </message>
    <message>
        <source>この通話</source>
        <translation>this call</translation>
    </message>
</context>
<context>
    <name>ChecklistPart</name>
    <message>
        <source>引き継ぎチェック</source>
        <translation>Handoff checklist</translation>
    </message>
    <message>
        <source>足りないもの {n}</source>
        <translation>{n} missing</translation>
    </message>
    <message>
        <source>そろいました</source>
        <translation>Complete</translation>
    </message>
</context>
<context>
    <name>ChooseStep</name>
    <message>
        <source>どこにつなぎますか?</source>
        <translation>Where would you like to connect?</translation>
    </message>
    <message>
        <source>リードを受け取り、架電の記録を送る先です。あとから変えられます。つなぐまで、何も送りません。</source>
        <translation>This is where leads come from and your calls are recorded. You can change it later. Nothing is sent until you connect.</translation>
    </message>
    <message>
        <source>キーとパスワードは、封印してこの端末にだけ保存します。</source>
        <translation>Keys and passwords are sealed and kept on this computer only.</translation>
    </message>
    <message>
        <source>CRMの項目との対応は、実際の値を見ながら確かめてから始めます。</source>
        <translation>You check how the CRM’s fields are used, with real values, before anything begins.</translation>
    </message>
    <message>
        <source>うまくいかないときは、いまの接続のまま何も変わりません。</source>
        <translation>If something does not work out, the present connection stays as it is.</translation>
    </message>
    <message>
        <source>接続中</source>
        <translation>Connected</translation>
    </message>
</context>
<context>
    <name>Chooser</name>
    <message>
        <source>定義</source>
        <translation>Definitions</translation>
    </message>
    <message>
        <source>区分</source>
        <translation>Part</translation>
    </message>
    <message>
        <source>キー</source>
        <translation>Key</translation>
    </message>
    <message>
        <source>いま</source>
        <translation>Now</translation>
    </message>
    <message>
        <source>変更後</source>
        <translation>Then</translation>
    </message>
    <message>
        <source>定義の一覧</source>
        <translation>List of definitions</translation>
    </message>
    <message>
        <source>変わるところ</source>
        <translation>What changes</translation>
    </message>
    <message>
        <source>いまの定義と同じです</source>
        <translation>The same as the present definitions</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>この定義にする</source>
        <translation>Use these definitions</translation>
    </message>
    <message>
        <source>使用中</source>
        <translation>in force</translation>
    </message>
    <message>
        <source>定義はチームのハブから配られているため、この端末では選べません。</source>
        <translation>The definitions come from the team&apos;s hub and cannot be chosen here.</translation>
    </message>
    <message>
        <source>{n}か所が変わります。</source>
        <translation>{n} keys change.</translation>
    </message>
    <message>
        <source>{n}か所が変わり、すべてのリードの状態・順位・次回アクションを新しい定義で計算し直します。記録済みの接触は、そのときの定義のまま残ります。よければもう一度押してください。</source>
        <translation>{n} keys change, and the state, rank and next action of every lead are worked out anew. Recorded touches keep the definitions of their time. Press again to go on.</translation>
    </message>
    <message>
        <source>変更を確定する</source>
        <translation>Confirm the change</translation>
    </message>
</context>
<context>
    <name>CloseForm</name>
    <message>
        <source>記録を確定</source>
        <translation>Fix the minutes</translation>
    </message>
    <message>
        <source>数字・外れた案件・ずれを、いまの値で記録に固定します。あとで確定を解くこともできます。</source>
        <translation>Figures, cases and drift are kept in the minutes as they are now. The minutes can be opened again later.</translation>
    </message>
    <message>
        <source>出席者</source>
        <translation>Present</translation>
    </message>
</context>
<context>
    <name>CoachWatch</name>
    <message>
        <source>通話の評価や返信が {n}件 届いています(チーム → 通話評価)</source>
        <translation>{n} evaluations or answers have arrived (Team → Talk evaluation)</translation>
    </message>
    <message>
        <source>{who} が通話の評価に返信しました: {lead}</source>
        <translation>{who} answered to an evaluation: {lead}</translation>
    </message>
    <message>
        <source>{who} が通話を評価しました: {lead} {share}</source>
        <translation>{who} evaluated a call: {lead} {share}</translation>
    </message>
</context>
<context>
    <name>Coaching</name>
    <message>
        <source>見直し候補</source>
        <translation>To review</translation>
    </message>
    <message>
        <source>評価済み</source>
        <translation>Evaluated</translation>
    </message>
    <message>
        <source>最近の通話</source>
        <translation>Recent</translation>
    </message>
    <message>
        <source>通話</source>
        <translation>Talk</translation>
    </message>
    <message>
        <source>評価を保存</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>評価を保存(Ctrl+Enter)</source>
        <translation>Save the evaluation (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>← 戻る</source>
        <translation>← Back</translation>
    </message>
    <message>
        <source>一覧に戻る(Esc)</source>
        <translation>Back to the list (Esc)</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Rep</translation>
    </message>
    <message>
        <source>直近{n}日</source>
        <translation>Last {n} days</translation>
    </message>
    <message>
        <source>期間</source>
        <translation>Period</translation>
    </message>
    <message>
        <source>Enterで開く</source>
        <translation>Enter opens</translation>
    </message>
    <message>
        <source>数字キーで点、↑↓で項目</source>
        <translation>Digits give points, ↑↓ go on</translation>
    </message>
    <message>
        <source>見直す理由</source>
        <translation>Why</translation>
    </message>
    <message>
        <source>評価</source>
        <translation>Evaluation</translation>
    </message>
    <message>
        <source>課題</source>
        <translation>Issues</translation>
    </message>
    <message>
        <source>評価者</source>
        <translation>By</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Lead</translation>
    </message>
    <message>
        <source>結果</source>
        <translation>Outcome</translation>
    </message>
    <message>
        <source>新着</source>
        <translation>New</translation>
    </message>
    <message>
        <source>返信 {n}</source>
        <translation>{n} answers</translation>
    </message>
    <message>
        <source>見直し候補 {n}</source>
        <translation>To review {n}</translation>
    </message>
    <message>
        <source>評価済み {n}</source>
        <translation>Evaluated {n}</translation>
    </message>
    <message>
        <source>評価された通話はまだありません</source>
        <translation>No call has been evaluated yet</translation>
    </message>
    <message>
        <source>評価が届くと、ここに並びます。</source>
        <translation>Evaluations stand here once they arrive.</translation>
    </message>
    <message>
        <source>通話はまだありません</source>
        <translation>No calls yet</translation>
    </message>
    <message>
        <source>相手が出た通話が、ここに並びます。</source>
        <translation>Calls that somebody answered stand here.</translation>
    </message>
    <message>
        <source>評価した通話はまだありません</source>
        <translation>No call has been evaluated yet</translation>
    </message>
    <message>
        <source>見直し候補を開いて評価すると、ここに並びます。</source>
        <translation>Open a call to review and evaluate it; it will stand here.</translation>
    </message>
    <message>
        <source>長い通話、関心のあとの失注、入って間もない担当の通話が、ここに挙がります。</source>
        <translation>Long calls, losses after interest, and calls of new reps are suggested here.</translation>
    </message>
    <message>
        <source>見直したい通話はありません</source>
        <translation>No calls to review</translation>
    </message>
    <message>
        <source>評価 {share} ・ 課題 {issues} / 通話(n = {n})</source>
        <translation>Evaluation {share} · issues {issues} a call (n = {n})</translation>
    </message>
    <message>
        <source>評価を更新</source>
        <translation>Save again</translation>
    </message>
    <message>
        <source>Escで一覧へ</source>
        <translation>Esc: the list</translation>
    </message>
    <message>
        <source>点をひとつは付けてから保存してください</source>
        <translation>Give at least one item its points first</translation>
    </message>
    <message>
        <source>評価を保存しました(取り消し Ctrl+Z)</source>
        <translation>Evaluation saved (undo with Ctrl+Z)</translation>
    </message>
    <message>
        <source>返信しました(取り消し Ctrl+Z)</source>
        <translation>Answer sent (undo with Ctrl+Z)</translation>
    </message>
</context>
<context>
    <name>ComposeDialog</name>
    <message>
        <source>メールを書く</source>
        <translation>Write a mail</translation>
    </message>
    <message>
        <source>相手の依頼への返答です(広告ではありません)</source>
        <translation>This answers what the reader asked (it is no advertising)</translation>
    </message>
    <message>
        <source>同意を記録</source>
        <translation>Note consent</translation>
    </message>
    <message>
        <source>送る</source>
        <translation>Send</translation>
    </message>
    <message>
        <source>メールソフトで開く</source>
        <translation>Open in mail program</translation>
    </message>
    <message>
        <source>同意の台帳</source>
        <translation>Ledger</translation>
    </message>
    <message>
        <source>このアドレスの同意の台帳を開く(Ctrl+L)</source>
        <translation>Open the ledger of consent for this address (Ctrl+L)</translation>
    </message>
    <message>
        <source>{name} へのメール</source>
        <translation>Mail to {name}</translation>
    </message>
    <message>
        <source>宛先</source>
        <translation>To</translation>
    </message>
    <message>
        <source>ひな形</source>
        <translation>Template</translation>
    </message>
    <message>
        <source>件名</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>(ひな形なし)</source>
        <translation>(no template)</translation>
    </message>
    <message>
        <source>どこで得たか(例: 展示会の名刺)</source>
        <translation>Where it was given (a card at an exhibition)</translation>
    </message>
    <message>
        <source>メールのひな形</source>
        <translation>Mail template</translation>
    </message>
    <message>
        <source>件名(40文字まで)</source>
        <translation>Subject (40 characters at most)</translation>
    </message>
    <message>
        <source>本文</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>同意の根拠</source>
        <translation>Basis of consent</translation>
    </message>
    <message>
        <source>同意の出所</source>
        <translation>Source of consent</translation>
    </message>
    <message>
        <source>送信待ちに入れて送る(Ctrl+Enter)</source>
        <translation>Put it into the outbox and send (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>文を変えたメールが、頼まれたことへの返答だと記録する(Ctrl+Shift+A)</source>
        <translation>Note that the changed mail answers what was asked (Ctrl+Shift+A)</translation>
    </message>
    <message>
        <source>同じ内容をメールソフトで開く(Ctrl+O)</source>
        <translation>Open the same text in your mail program (Ctrl+O)</translation>
    </message>
    <message>
        <source>(アドレスなし)</source>
        <translation>(no address)</translation>
    </message>
    <message>
        <source>このとおりに届きます。</source>
        <translation>It arrives as it stands here.</translation>
    </message>
    <message>
        <source>(本文をコピーしました。ここに貼り付けてください)</source>
        <translation>(The text was copied. Paste it here.)</translation>
    </message>
    <message>
        <source>長いので本文をコピーしました。メールソフトの本文に貼り付けてください。</source>
        <translation>The mail is too long to be handed over whole: its text was copied. Paste it in your mail program.</translation>
    </message>
    <message>
        <source>このパソコンには、メールを開くソフトがありません。</source>
        <translation>This computer has no program for mail.</translation>
    </message>
    <message>
        <source>送ったメールを履歴に入れました(取り消し Ctrl+Z)</source>
        <translation>The mail stands in the timeline (undo: Ctrl+Z)</translation>
    </message>
</context>
<context>
    <name>Conditions</name>
    <message>
        <source>+ 条件</source>
        <translation>+ Condition</translation>
    </message>
</context>
<context>
    <name>ConflictPanel</name>
    <message>
        <source>競合</source>
        <translation>Conflicts</translation>
    </message>
    <message>
        <source>競合はありません</source>
        <translation>No conflicts</translation>
    </message>
    <message>
        <source>同じ項目を2人が変えたときだけ、両方の値をここに残して選べるようにします。</source>
        <translation>When two people change one field, both values are kept here for you to choose.</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Lead</translation>
    </message>
    <message>
        <source>項目</source>
        <translation>Field</translation>
    </message>
    <message>
        <source>元の値</source>
        <translation>Before</translation>
    </message>
    <message>
        <source>自分</source>
        <translation>Mine</translation>
    </message>
    <message>
        <source>相手</source>
        <translation>Theirs</translation>
    </message>
    <message>
        <source>見つかった</source>
        <translation>Found</translation>
    </message>
    <message>
        <source>自分の値</source>
        <translation>My value</translation>
    </message>
    <message>
        <source>相手の値(いま表示中)</source>
        <translation>Their value (shown now)</translation>
    </message>
    <message>
        <source>自分の値にする</source>
        <translation>Use mine</translation>
    </message>
    <message>
        <source>相手の値のまま</source>
        <translation>Keep theirs</translation>
    </message>
    <message>
        <source>同じ項目のほかの競合も、同じ側に決めます(A)</source>
        <translation>Decide the other conflicts of this field alike (A)</translation>
    </message>
    <message>
        <source>別の値にする(Enterで決定)</source>
        <translation>Another value (Enter)</translation>
    </message>
    <message>
        <source>別の値</source>
        <translation>Another value</translation>
    </message>
    <message>
        <source>決めた内容は普通の変更として記録され、取り消せます。</source>
        <translation>A decision is recorded as an ordinary edit and can be undone.</translation>
    </message>
    <message>
        <source>同じ項目「{field}」のほかの{n}件にも</source>
        <translation>Also the {n} others of “{field}”</translation>
    </message>
</context>
<context>
    <name>ConnectPage</name>
    <message>
        <source>接続</source>
        <translation>Connection</translation>
    </message>
    <message>
        <source>戻る</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>次へ</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>いまは {crm} に接続しています</source>
        <translation>Connected to {crm} now</translation>
    </message>
    <message>
        <source>まだ接続していません</source>
        <translation>Not connected yet</translation>
    </message>
    <message>
        <source>サインインして確認</source>
        <translation>Sign in and check</translation>
    </message>
    <message>
        <source>接続して同期をはじめる</source>
        <translation>Connect and begin to sync</translation>
    </message>
    <message>
        <source>{crm}を確かめています</source>
        <translation>Checking {crm}</translation>
    </message>
    <message>
        <source>赤い項目が直ると、次へ進めます。直したら「もう一度確認」を押してください。</source>
        <translation>Once the red items are put right you can go on. Then press “Check again”.</translation>
    </message>
    <message>
        <source>依頼文をコピーしました</source>
        <translation>The request was copied</translation>
    </message>
    <message>
        <source>ブラウザーで続けてください(5分以内)</source>
        <translation>Go on in the browser (within 5 minutes)</translation>
    </message>
    <message>
        <source>ブラウザーを開けませんでした</source>
        <translation>The browser could not be opened</translation>
    </message>
    <message>
        <source>サインインしました</source>
        <translation>Signed in</translation>
    </message>
    <message>
        <source>このままでは読み書きできないため、同期しない項目: {names}</source>
        <translation>Not synced, as they cannot be read or written like this: {names}</translation>
    </message>
    <message>
        <source>Enterで項目を選び直し、Deleteで対応を外します。</source>
        <translation>Enter chooses another field, Delete takes a line out.</translation>
    </message>
    <message>
        <source>接続を保存しています</source>
        <translation>Storing the connection</translation>
    </message>
    <message>
        <source>{crm} に {name} さんとして接続しました</source>
        <translation>Connected to {crm} as {name}</translation>
    </message>
</context>
<context>
    <name>ConnectionPanel</name>
    <message>
        <source>まだ接続していません</source>
        <translation>Not connected yet</translation>
    </message>
    <message>
        <source>接続しなくても使えます。記録はこの端末に残り、あとで接続したときに送られます。</source>
        <translation>You can work without a connection. Records stay on this computer and are sent once you connect.</translation>
    </message>
    <message>
        <source>CRMに接続する</source>
        <translation>Connect to a CRM</translation>
    </message>
    <message>
        <source>確認と項目の対応を見直す</source>
        <translation>Review the check and the field map</translation>
    </message>
    <message>
        <source>接続先を変える</source>
        <translation>Connect elsewhere</translation>
    </message>
    <message>
        <source>いまの状態</source>
        <translation>How it stands</translation>
    </message>
</context>
<context>
    <name>ConsentDialog</name>
    <message>
        <source>メールの同意</source>
        <translation>Consent to mail</translation>
    </message>
    <message>
        <source>メールの同意の台帳</source>
        <translation>Ledger of consent to mail</translation>
    </message>
    <message>
        <source>このアドレスには、まだ同意の記録がありません。</source>
        <translation>No consent is on record for this address yet.</translation>
    </message>
    <message>
        <source>同意を記録</source>
        <translation>Note consent</translation>
    </message>
    <message>
        <source>同意を記録する(Ctrl+Enter)</source>
        <translation>Note consent (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>取り下げ</source>
        <translation>Withdraw</translation>
    </message>
    <message>
        <source>選んだ記録を取り下げる(Delete)</source>
        <translation>Withdraw the chosen entry (Delete)</translation>
    </message>
    <message>
        <source>配信停止</source>
        <translation>Opt out</translation>
    </message>
    <message>
        <source>このアドレスを配信停止にする(O)</source>
        <translation>No more mail to this address (O)</translation>
    </message>
    <message>
        <source>宛先不明を取り消す</source>
        <translation>Take bounce back</translation>
    </message>
    <message>
        <source>届くアドレスだと分かったので、宛先不明の記録を取り消す(B)</source>
        <translation>The address works: take back that there is no such one (B)</translation>
    </message>
    <message>
        <source>有効</source>
        <translation>Holds</translation>
    </message>
    <message>
        <source>取り下げ済み</source>
        <translation>Withdrawn</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>根拠</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>出所</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>証拠</source>
        <translation>Evidence</translation>
    </message>
    <message>
        <source>記録</source>
        <translation>Noted</translation>
    </message>
    <message>
        <source>取り下げの理由</source>
        <translation>Why withdrawn</translation>
    </message>
    <message>
        <source>{name} へのメールの同意</source>
        <translation>Consent to mail: {name}</translation>
    </message>
    <message>
        <source>どこで得たか(例: 展示会の名刺)</source>
        <translation>Where it was given (a card at an exhibition)</translation>
    </message>
    <message>
        <source>証拠(任意。例: 受付番号)</source>
        <translation>Evidence (optional, such as a receipt)</translation>
    </message>
    <message>
        <source>同意の根拠</source>
        <translation>Basis of consent</translation>
    </message>
    <message>
        <source>同意の出所</source>
        <translation>Source of consent</translation>
    </message>
    <message>
        <source>同意の証拠</source>
        <translation>Evidence of consent</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>(アドレスなし)</source>
        <translation>(no address)</translation>
    </message>
    <message>
        <source>広告宣伝のメールも、依頼への返答も送れます。</source>
        <translation>Advertising mail and answers may both be sent.</translation>
    </message>
    <message>
        <source>宛先不明と分かったのは {day} です。</source>
        <translation>It was found out on {day}.</translation>
    </message>
    <message>
        <source>依頼への返答は送れます。</source>
        <translation>An answer to what was asked may be sent.</translation>
    </message>
    <message>
        <source>届くと分かった理由</source>
        <translation>How one knows that it works</translation>
    </message>
    <message>
        <source>例: 電話で本人に確認</source>
        <translation>such as: confirmed by phone</translation>
    </message>
</context>
<context>
    <name>CostDialog</name>
    <message>
        <source>費用と単価</source>
        <translation>Costs</translation>
    </message>
    <message>
        <source>記録</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>費用を記録(Enter)</source>
        <translation>Enter the cost (Enter)</translation>
    </message>
    <message>
        <source>選んだ費用を消す</source>
        <translation>Remove the chosen cost</translation>
    </message>
    <message>
        <source>選んだ費用を消す(Delete)</source>
        <translation>Remove the chosen cost (Delete)</translation>
    </message>
    <message>
        <source>流入経路ごとの単価</source>
        <translation>Costs by lead source</translation>
    </message>
    <message>
        <source>入力した費用</source>
        <translation>Costs entered</translation>
    </message>
    <message>
        <source>流入経路</source>
        <translation>Lead source</translation>
    </message>
    <message>
        <source>費用</source>
        <translation>Cost</translation>
    </message>
    <message>
        <source>SQL件数</source>
        <translation>SQLs</translation>
    </message>
    <message>
        <source>SQL単価</source>
        <translation>Per SQL</translation>
    </message>
    <message>
        <source>受注</source>
        <translation>Won</translation>
    </message>
    <message>
        <source>月</source>
        <translation>Month</translation>
    </message>
    <message>
        <source>入力した人</source>
        <translation>Entered by</translation>
    </message>
    <message>
        <source>全体</source>
        <translation>All</translation>
    </message>
    <message>
        <source>{span} の単価(月の費用は日割り)</source>
        <translation>{span}: what each cost (months by the day)</translation>
    </message>
    <message>
        <source>費用の月</source>
        <translation>Month of the cost</translation>
    </message>
    <message>
        <source>費用の流入経路</source>
        <translation>Lead source of the cost</translation>
    </message>
    <message>
        <source> 円</source>
        <translation> yen</translation>
    </message>
    <message>
        <source>費用(円)</source>
        <translation>Cost in yen</translation>
    </message>
</context>
<context>
    <name>CoverForm</name>
    <message>
        <source>不在の人</source>
        <translation>Away</translation>
    </message>
    <message>
        <source>不在の最初の日</source>
        <translation>First day away</translation>
    </message>
    <message>
        <source>不在の最後の日</source>
        <translation>Last day away</translation>
    </message>
    <message>
        <source>代行を設定</source>
        <translation>Set cover</translation>
    </message>
    <message>
        <source>代行を設定(Ctrl+Enter)</source>
        <translation>Set cover (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>新しい代行</source>
        <translation>New cover</translation>
    </message>
    <message>
        <source>期間</source>
        <translation>Period</translation>
    </message>
    <message>
        <source>代わりに対応する人(複数なら会社ごとに均等に分担)</source>
        <translation>Who stands in (several share evenly, by company)</translation>
    </message>
    <message>
        <source>代わりに対応する人を選んでください。</source>
        <translation>Choose who stands in.</translation>
    </message>
    <message>
        <source>{first}〜{last} のあいだ {names} のキューに出ます。担当は変わりません。</source>
        <translation>From {first} to {last} they stand in the queue of {names}. The owner stays.</translation>
    </message>
    <message>
        <source>いまなら キュー {n}件(約束 {promised}件・SLA {sla}件を含む)。</source>
        <translation> Now that is {n} in the queue, with {promised} promises and {sla} SLA.</translation>
    </message>
</context>
<context>
    <name>CoverTab</name>
    <message>
        <source>不在の代行</source>
        <translation>Cover for an absence</translation>
    </message>
    <message>
        <source>この代行を終える</source>
        <translation>End this cover</translation>
    </message>
    <message>
        <source>この代行を終える(Delete)</source>
        <translation>End this cover (Delete)</translation>
    </message>
    <message>
        <source>代行中</source>
        <translation>Now</translation>
    </message>
    <message>
        <source>予定</source>
        <translation>To come</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>不在の人</source>
        <translation>Away</translation>
    </message>
    <message>
        <source>期間</source>
        <translation>Period</translation>
    </message>
    <message>
        <source>代わりに対応する人</source>
        <translation>Stands in</translation>
    </message>
    <message>
        <source>設定</source>
        <translation>Set by</translation>
    </message>
    <message>
        <source>不在の人の期限が来たリードを、期間中だけ別の人のキューに出します。担当は変わらず、終われば元に戻ります。</source>
        <translation>What falls due while somebody is away stands in another queue for that time. The owner stays, and afterwards it stands back.</translation>
    </message>
    <message>
        <source>代行はありません</source>
        <translation>Nobody is away</translation>
    </message>
    <message>
        <source>代行中 {n}件・予定 {later}件</source>
        <translation>{n} now, {later} to come</translation>
    </message>
    <message>
        <source>{name}さんの代行を設定しました(取り消し Ctrl+Z)</source>
        <translation>Cover for {name} is set (undo Ctrl+Z)</translation>
    </message>
    <message>
        <source>{name}さんの代行を終えました(取り消し Ctrl+Z)</source>
        <translation>Cover for {name} has ended (undo Ctrl+Z)</translation>
    </message>
</context>
<context>
    <name>DayPage</name>
    <message>
        <source>次回アクション</source>
        <translation>Next actions</translation>
    </message>
    <message>
        <source>約束</source>
        <translation>Promises</translation>
    </message>
    <message>
        <source>今夜送られるもの</source>
        <translation>Goes out tonight</translation>
    </message>
    <message>
        <source>次の営業日</source>
        <translation>Next business day</translation>
    </message>
    <message>
        <source>やり残し</source>
        <translation>Open ends</translation>
    </message>
    <message>
        <source>やり残しはありません</source>
        <translation>Nothing is left open</translation>
    </message>
    <message>
        <source>今日の約束と記録はすべて片づいています。</source>
        <translation>All of today&apos;s promises and records are done.</translation>
    </message>
    <message>
        <source>日報</source>
        <translation>Daily report</translation>
    </message>
    <message>
        <source>ひとこと</source>
        <translation>Remarks</translation>
    </message>
    <message>
        <source>ひとこと(気づき・困っていること・明日やること)</source>
        <translation>Remarks (what you noticed, what is hard, what to do tomorrow)</translation>
    </message>
    <message>
        <source>コピー</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>日報をコピー(C)</source>
        <translation>Copy the daily report (C)</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>メールソフトで新しいメールを開く(M)</source>
        <translation>Open a new mail in the mail program (M)</translation>
    </message>
    <message>
        <source>保存</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>日報をテキストで保存(E)</source>
        <translation>Save the daily report as text (E)</translation>
    </message>
    <message>
        <source>Enter でリードに付ける</source>
        <translation>Enter puts it to a lead</translation>
    </message>
    <message>
        <source>I で招待を送る</source>
        <translation>I sends the invitation</translation>
    </message>
    <message>
        <source>種類</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Lead</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>What</translation>
    </message>
    <message>
        <source>いつ</source>
        <translation>When</translation>
    </message>
    <message>
        <source>一日の締め</source>
        <translation>End of the day</translation>
    </message>
    <message>
        <source>{day} の締め(R で今日へ)</source>
        <translation>Closing {day} (R: today)</translation>
    </message>
    <message>
        <source>やり残し {n}件</source>
        <translation>{n} open</translation>
    </message>
    <message>
        <source>{n}件にありません</source>
        <translation>{n} have none</translation>
    </message>
    <message>
        <source>対応した {n}件すべてにあり</source>
        <translation>All {n} touched have one</translation>
    </message>
    <message>
        <source>対応したリードはまだありません</source>
        <translation>No lead touched yet</translation>
    </message>
    <message>
        <source>今日これからの約束 {n}件</source>
        <translation>Still promised today: {n}</translation>
    </message>
    <message>
        <source>時刻超過 {n}件 ・ 今日これから {m}件</source>
        <translation>Overdue {n} · still today {m}</translation>
    </message>
    <message>
        <source>{n}件が時刻を過ぎています</source>
        <translation>{n} past their time</translation>
    </message>
    <message>
        <source>過ぎた約束はありません</source>
        <translation>No promise is overdue</translation>
    </message>
    <message>
        <source>送信待ちのメールはありません。</source>
        <translation>No mail is waiting to be sent.</translation>
    </message>
    <message>
        <source>日報をコピーしました。1分後にクリップボードから消えます。</source>
        <translation>The report was copied. It leaves the clipboard in one minute.</translation>
    </message>
    <message>
        <source>長いのでコピーしました。1分以内にメールの本文に貼り付けてください。</source>
        <translation>It is long, so it was copied. Paste it into the mail within one minute.</translation>
    </message>
    <message>
        <source>記録 {n}件</source>
        <translation>{n} records</translation>
    </message>
    <message>
        <source>メール {n}通</source>
        <translation>{n} mails</translation>
    </message>
    <message>
        <source>メール {n}通(停止中)</source>
        <translation>{n} mails (paused)</translation>
    </message>
    <message>
        <source>要対応 {n}件</source>
        <translation>{n} need you</translation>
    </message>
    <message>
        <source>{day} 約束 {n}件 ・ 商談 {m}件</source>
        <translation>{day}: {n} promises, {m} meetings</translation>
    </message>
    <message>
        <source>(日報をコピーしました。ここに貼り付けてください)</source>
        <translation>(The daily report was copied. Paste it here.)</translation>
    </message>
    <message>
        <source>メールソフトを開けませんでした。</source>
        <translation>The mail program could not be opened.</translation>
    </message>
    <message>
        <source>「コピー」(C)を使って、メールに貼り付けてください。</source>
        <translation>Use “Copy” (C) and paste it into a mail.</translation>
    </message>
    <message>
        <source>日報 {day}</source>
        <translation>Daily report {day}</translation>
    </message>
    <message>
        <source>日報を保存</source>
        <translation>Save the daily report</translation>
    </message>
    <message>
        <source>テキスト (*.txt)</source>
        <translation>Text (*.txt)</translation>
    </message>
    <message>
        <source>日報を書き込めませんでした。</source>
        <translation>The daily report could not be written.</translation>
    </message>
    <message>
        <source>保存先を変えて、もう一度お試しください。</source>
        <translation>Choose another place and try again.</translation>
    </message>
    <message>
        <source>保存しました: {file}</source>
        <translation>Saved: {file}</translation>
    </message>
</context>
<context>
    <name>DayRow</name>
    <message>
        <source>例: 4月 / 2027/4/15 / 3か月後</source>
        <translation>e.g. April / 2027-04-15 / in 3 months</translation>
    </message>
    <message>
        <source>1か月後</source>
        <translation>In 1 month</translation>
    </message>
    <message>
        <source>3か月後</source>
        <translation>In 3 months</translation>
    </message>
    <message>
        <source>6か月後</source>
        <translation>In 6 months</translation>
    </message>
    <message>
        <source>12か月後</source>
        <translation>In 12 months</translation>
    </message>
</context>
<context>
    <name>DecisionForm</name>
    <message>
        <source>決定</source>
        <translation>Decision</translation>
    </message>
    <message>
        <source>決定を記録</source>
        <translation>Note the decision</translation>
    </message>
    <message>
        <source>決定の内容</source>
        <translation>What was decided</translation>
    </message>
    <message>
        <source>例: 反響の初回対応を2時間以内にする</source>
        <translation>e.g. Respond to inquiries within two hours</translation>
    </message>
    <message>
        <source>変える定義</source>
        <translation>Definition to change</translation>
    </message>
    <message>
        <source>変える定義(なければ空のまま)</source>
        <translation>Definition to change (empty for none)</translation>
    </message>
    <message>
        <source>合意した人</source>
        <translation>Who agreed</translation>
    </message>
    <message>
        <source>外れた案件 {n}件について</source>
        <translation>About {n} cases</translation>
    </message>
</context>
<context>
    <name>DefinitionsPage</name>
    <message>
        <source>定義</source>
        <translation>Definitions</translation>
    </message>
    <message>
        <source>別の定義を選ぶ</source>
        <translation>Choose other definitions</translation>
    </message>
    <message>
        <source>別の定義を選ぶ(C)</source>
        <translation>Choose other definitions (C)</translation>
    </message>
    <message>
        <source>PDFで保存</source>
        <translation>Save as PDF</translation>
    </message>
    <message>
        <source>PDFで保存(E)</source>
        <translation>Save as PDF (E)</translation>
    </message>
    <message>
        <source>定義を変更</source>
        <translation>Change definitions</translation>
    </message>
    <message>
        <source>定義を変更(M)</source>
        <translation>Change definitions (M)</translation>
    </message>
    <message>
        <source>スクリプト編集</source>
        <translation>Edit scripts</translation>
    </message>
    <message>
        <source>トークスクリプトとメールを編集(S)</source>
        <translation>Edit scripts and mails (S)</translation>
    </message>
    <message>
        <source>提案</source>
        <translation>Proposals</translation>
    </message>
    <message>
        <source>提案と署名(P)</source>
        <translation>Proposals and signatures (P)</translation>
    </message>
    <message>
        <source>ずれ</source>
        <translation>Drift</translation>
    </message>
    <message>
        <source>定義と実態のずれ(D)</source>
        <translation>Drift from the definitions (D)</translation>
    </message>
    <message>
        <source>導入の90日</source>
        <translation>Introduction in 90 days</translation>
    </message>
    <message>
        <source>導入の90日・準備度・診断</source>
        <translation>Introduction in 90 days, readiness, self-assessment</translation>
    </message>
    <message>
        <source>{on} 合意</source>
        <translation>Agreed {on}</translation>
    </message>
    <message>
        <source>まだ合意の記録がありません</source>
        <translation>No agreement recorded yet</translation>
    </message>
    <message>
        <source>定義 {title}</source>
        <translation>Definitions {title}</translation>
    </message>
    <message>
        <source>定義をPDFで保存</source>
        <translation>Save the definitions as PDF</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>PDFを書き込めませんでした。</source>
        <translation>The PDF could not be written.</translation>
    </message>
    <message>
        <source>保存先を変えて、もう一度お試しください。</source>
        <translation>Choose another place and try again.</translation>
    </message>
    <message>
        <source>PDFに保存しました: {file}</source>
        <translation>Saved as PDF: {file}</translation>
    </message>
    <message>
        <source>提案 {n}</source>
        <translation>Proposals {n}</translation>
    </message>
    <message>
        <source>新しい定義で計算し直しています</source>
        <translation>Working out everything under the new definitions</translation>
    </message>
    <message>
        <source>定義を「{title}」にしました</source>
        <translation>The definitions are now “{title}”</translation>
    </message>
</context>
<context>
    <name>DiagnosisCard</name>
    <message>
        <source>ボトルネック診断</source>
        <translation>Bottlenecks</translation>
    </message>
    <message>
        <source>95 %区間が目標を下回る段階だけを挙げます</source>
        <translation>Only steps whose 95% interval lies below the target</translation>
    </message>
    <message>
        <source>調べています…</source>
        <translation>Looking…</translation>
    </message>
    <message>
        <source>明細 {n}件を開く</source>
        <translation>Open the {n} records</translation>
    </message>
    <message>
        <source>架電をはじめる</source>
        <translation>Start calling</translation>
    </message>
</context>
<context>
    <name>DraftBar</name>
    <message>
        <source>捨てる</source>
        <translation>Discard</translation>
    </message>
    <message>
        <source>下書きを捨てる(Ctrl+Shift+D。元に戻せます)</source>
        <translation>Discard the draft (Ctrl+Shift+D; can be taken back)</translation>
    </message>
    <message>
        <source>元に戻す</source>
        <translation>Take back</translation>
    </message>
    <message>
        <source>捨てた下書きを元に戻す(Ctrl+Shift+R)</source>
        <translation>Take the discarded draft back (Ctrl+Shift+R)</translation>
    </message>
    <message>
        <source>下書きの続きです({when})</source>
        <translation>Your draft goes on ({when})</translation>
    </message>
    <message>
        <source>捨てた下書きがあります({when})</source>
        <translation>A draft was put aside ({when})</translation>
    </message>
</context>
<context>
    <name>DragTable</name>
    <message>
        <source>{n}件</source>
        <translation>{n}</translation>
    </message>
</context>
<context>
    <name>DriftView</name>
    <message>
        <source>定義と実態のずれ</source>
        <translation>Drift from the definitions</translation>
    </message>
    <message>
        <source>週か月か</source>
        <translation>Week or month</translation>
    </message>
    <message>
        <source>前の期間</source>
        <translation>Previous period</translation>
    </message>
    <message>
        <source>次の期間</source>
        <translation>Next period</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>Enterで明細</source>
        <translation>Enter opens the records</translation>
    </message>
</context>
<context>
    <name>Drill</name>
    <message>
        <source>← 戻る</source>
        <translation>← Back</translation>
    </message>
    <message>
        <source>指標に戻る(Esc)</source>
        <translation>Back to the figures (Esc)</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>Date, time</translation>
    </message>
    <message>
        <source>氏名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>会社</source>
        <translation>Companies</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Rep</translation>
    </message>
    <message>
        <source>結果</source>
        <translation>Outcome</translation>
    </message>
    <message>
        <source>明細</source>
        <translation>Records</translation>
    </message>
    <message>
        <source>この指標の明細はありません</source>
        <translation>There are no records behind this figure</translation>
    </message>
    <message>
        <source>Enterでリードを開く ・ Escで戻る</source>
        <translation>Enter opens the lead ・ Esc goes back</translation>
    </message>
    <message>
        <source>読んでいます…</source>
        <translation>Reading…</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n}</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>CSV・Excelをここに落としてください</source>
        <translation>Drop a CSV or Excel file here</translation>
    </message>
    <message>
        <source>文字コード・区切り・見出しの行は自動で見分けます。書き込む前に内容を確認できます。</source>
        <translation>Encoding, delimiter and header row are found by themselves. You see everything before it is written.</translation>
    </message>
    <message>
        <source>ファイルを選ぶ</source>
        <translation>Choose a file</translation>
    </message>
    <message>
        <source>ファイルを選ぶ(O)</source>
        <translation>Choose a file (O)</translation>
    </message>
    <message>
        <source>リスト ({endings});;すべて (*)</source>
        <translation>Lists ({endings});;All (*)</translation>
    </message>
    <message>
        <source>取り込むファイル</source>
        <translation>File to import</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>定義の文面(TOML)</source>
        <translation>Text of the definitions (TOML)</translation>
    </message>
    <message>
        <source>問題</source>
        <translation>Problems</translation>
    </message>
    <message>
        <source>変わるところ</source>
        <translation>Changes</translation>
    </message>
    <message>
        <source>影響</source>
        <translation>Effect</translation>
    </message>
    <message>
        <source>行</source>
        <translation>Line</translation>
    </message>
    <message>
        <source>キー</source>
        <translation>Key</translation>
    </message>
    <message>
        <source>区分</source>
        <translation>Part</translation>
    </message>
    <message>
        <source>いま</source>
        <translation>Now</translation>
    </message>
    <message>
        <source>変更後</source>
        <translation>After</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Owner</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Lead</translation>
    </message>
    <message>
        <source>{n}位</source>
        <translation>No. {n}</translation>
    </message>
    <message>
        <source>出さない</source>
        <translation>Not offered</translation>
    </message>
    <message>
        <source>問題はありません</source>
        <translation>No problems</translation>
    </message>
    <message>
        <source>まだ何も変わりません</source>
        <translation>Nothing changes yet</translation>
    </message>
    <message>
        <source>左の文面に、変えたいキーだけを書き足してください。</source>
        <translation>Add only the keys you want to change to the text on the left.</translation>
    </message>
    <message>
        <source>この定義で今日のキューがどう動くかを、適用する前に見られます。</source>
        <translation>See how today&apos;s queues would move under these definitions before they apply.</translation>
    </message>
    <message>
        <source>影響を見る</source>
        <translation>Show the effect</translation>
    </message>
    <message>
        <source>影響を見る(Ctrl+Shift+Enter)</source>
        <translation>Show the effect (Ctrl+Shift+Enter)</translation>
    </message>
    <message>
        <source>発効日</source>
        <translation>Effective from</translation>
    </message>
    <message>
        <source>変更の理由</source>
        <translation>Reason for the change</translation>
    </message>
    <message>
        <source>変更の理由(マーケティング・IS・FSが署名するときに読みます)</source>
        <translation>Reason for the change (Marketing, IS and FS read it before they sign)</translation>
    </message>
    <message>
        <source>最初に戻す</source>
        <translation>Start over</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>提案する</source>
        <translation>Propose</translation>
    </message>
    <message>
        <source>提案する(Ctrl+Enter)</source>
        <translation>Propose (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>{meeting}の決定「{text}」を定義にします。合意: {who}</source>
        <translation>Carries out “{text}”, decided at the {meeting}. Agreed by {who}</translation>
    </message>
    <message>
        <source>問題 {n}</source>
        <translation>Problems {n}</translation>
    </message>
    <message>
        <source>変わるところ {n}</source>
        <translation>Changes {n}</translation>
    </message>
    <message>
        <source>計算しています…</source>
        <translation>Calculating…</translation>
    </message>
    <message>
        <source>{total}件を見ました。今日のキューで動くリードはありません。</source>
        <translation>Looked at {total} leads. None moves in today&apos;s queues.</translation>
    </message>
    <message>
        <source>{total}件のうち{n}件が動きます(新たに出る {more}件・出なくなる {less}件)。</source>
        <translation>{n} of {total} leads move ({more} appear, {less} vanish).</translation>
    </message>
    <message>
        <source>提案しました。3部門の署名がそろうと、発効日から全員に適用されます。</source>
        <translation>Proposed. Once all three departments have signed, it holds for everybody from its day on.</translation>
    </message>
</context>
<context>
    <name>EnrolDialog</name>
    <message>
        <source>シーケンスに入れる</source>
        <translation>Put into a sequence</translation>
    </message>
    <message>
        <source>シーケンス</source>
        <translation>Sequences</translation>
    </message>
    <message>
        <source>どのリードを入れるか</source>
        <translation>Which leads to put in</translation>
    </message>
    <message>
        <source>同意を記録</source>
        <translation>Note consent</translation>
    </message>
    <message>
        <source>記録のないリードの全員に記録する(取り消しは1回)</source>
        <translation>Note it for all who lack it (one undo)</translation>
    </message>
    <message>
        <source>入れる</source>
        <translation>Put in</translation>
    </message>
    <message>
        <source>シーケンスに入れる(Ctrl+Enter)</source>
        <translation>Put into the sequence (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>やめる(Esc)</source>
        <translation>Cancel (Esc)</translation>
    </message>
    <message>
        <source>自動で送る</source>
        <translation>Automatic</translation>
    </message>
    <message>
        <source>確認して送る</source>
        <translation>After a look</translation>
    </message>
    <message>
        <source>手順(営業日目)</source>
        <translation>Steps (business day)</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>今日のキュー</source>
        <translation>Today&apos;s queue</translation>
    </message>
    <message>
        <source>ビュー: {name}</source>
        <translation>View: {name}</translation>
    </message>
    <message>
        <source>同意の根拠</source>
        <translation>Basis of consent</translation>
    </message>
    <message>
        <source>どこで得たか(例: 名刺、展示会X)</source>
        <translation>Where it was heard (e.g. business card, fair X)</translation>
    </message>
    <message>
        <source>同意の出所</source>
        <translation>Source of consent</translation>
    </message>
    <message>
        <source>{n}件を入れます。</source>
        <translation>{n} leads go in.</translation>
    </message>
    <message>
        <source>入れられるリードがありません。</source>
        <translation>No lead can be put in.</translation>
    </message>
    <message>
        <source>{n}件: {why}</source>
        <translation>{n}: {why}</translation>
    </message>
    <message>
        <source>入らないリード {n}件</source>
        <translation>{n} leads stay out</translation>
    </message>
    <message>
        <source>うち{n}件は、メールの同意の記録がないので、メールの手順で止まります。</source>
        <translation>Mails to {n} of them would stop: no consent is noted.</translation>
    </message>
    <message>
        <source>{n}件に同意の根拠を記録しました(取り消し Ctrl+Z)</source>
        <translation>Basis of mail noted for {n} (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>{n}件をシーケンスに入れました(取り消し Ctrl+Z)</source>
        <translation>{n} leads put into the sequence (undo Ctrl+Z)</translation>
    </message>
</context>
<context>
    <name>FactsTab</name>
    <message>
        <source>担当者</source>
        <translation>Contact</translation>
    </message>
    <message>
        <source>企業</source>
        <translation>Company</translation>
    </message>
    <message>
        <source>ヒアリング</source>
        <translation>Findings</translation>
    </message>
    <message>
        <source>引き継ぎ</source>
        <translation>Handoff</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Leads</translation>
    </message>
    <message>
        <source>連絡の制限</source>
        <translation>Contact limits</translation>
    </message>
    <message>
        <source>チームの項目</source>
        <translation>Team fields</translation>
    </message>
</context>
<context>
    <name>FeedbackRows</name>
    <message>
        <source>結果</source>
        <translation>Result</translation>
    </message>
    <message>
        <source>理由・要因</source>
        <translation>Reasons</translation>
    </message>
    <message>
        <source>ほかの理由・要因(自由記入)</source>
        <translation>Another reason (in your own words)</translation>
    </message>
    <message>
        <source>金額(円)</source>
        <translation>Amount (yen)</translation>
    </message>
    <message>
        <source>例: 1200000</source>
        <translation>e.g. 1200000</translation>
    </message>
    <message>
        <source>聞き直し</source>
        <translation>Asked again</translation>
    </message>
    <message>
        <source>受注要因</source>
        <translation>Win factor</translation>
    </message>
    <message>
        <source>失注理由</source>
        <translation>Loss reason</translation>
    </message>
    <message>
        <source>所感</source>
        <translation>Remarks</translation>
    </message>
</context>
<context>
    <name>FieldDetail</name>
    <message>
        <source>CRMの項目を名前・API名で探す(Enterで決定)</source>
        <translation>Search the CRM’s fields by label or API name (Enter)</translation>
    </message>
    <message>
        <source>CRMの項目を探す</source>
        <translation>Search the CRM’s fields</translation>
    </message>
    <message>
        <source>CRMの項目</source>
        <translation>CRM field</translation>
    </message>
    <message>
        <source>型</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>項目を選ぶ</source>
        <translation>Choose a field</translation>
    </message>
    <message>
        <source>値の対応 {done}/{all}</source>
        <translation>Values {done}/{all}</translation>
    </message>
    <message>
        <source>CRMに対応する値がなく、送れないもの: {names}</source>
        <translation>No value in the CRM, so these cannot be sent: {names}</translation>
    </message>
    <message>
        <source>(対応なし)</source>
        <translation>(none)</translation>
    </message>
    <message>
        <source>対応させない</source>
        <translation>Do not map</translation>
    </message>
    <message>
        <source>必須</source>
        <translation>Required</translation>
    </message>
    <message>
        <source>読むだけ</source>
        <translation>Read only</translation>
    </message>
</context>
<context>
    <name>FieldEditor</name>
    <message>
        <source>Ctrl Enter か Esc で保存</source>
        <translation>Ctrl Enter or Esc keeps it</translation>
    </message>
    <message>
        <source>はい</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>いいえ</source>
        <translation>No</translation>
    </message>
    <message>
        <source>例: 2027/4/15</source>
        <translation>e.g. 2027-04-15</translation>
    </message>
    <message>
        <source>例: 明日 14:00</source>
        <translation>e.g. tomorrow 14:00</translation>
    </message>
    <message>
        <source>例: 03-0000-0000</source>
        <translation>e.g. 03-0000-0000</translation>
    </message>
    <message>
        <source>例: name@example.jp</source>
        <translation>e.g. name@example.jp</translation>
    </message>
    <message>
        <source>13桁</source>
        <translation>13 digits</translation>
    </message>
    <message>
        <source>読み取れません。書き方を確かめてください。</source>
        <translation>This cannot be read. Check how it is written.</translation>
    </message>
</context>
<context>
    <name>FieldRow</name>
    <message>
        <source>この通話</source>
        <translation>this call</translation>
    </message>
</context>
<context>
    <name>FieldsStep</name>
    <message>
        <source>項目の対応</source>
        <translation>Field map</translation>
    </message>
    <message>
        <source>項目を絞り込む</source>
        <translation>Filter fields</translation>
    </message>
    <message>
        <source>読み込み…</source>
        <translation>Load…</translation>
    </message>
    <message>
        <source>チームの対応表(TOML)を読み込む</source>
        <translation>Load the team’s field map (TOML)</translation>
    </message>
    <message>
        <source>書き出し…</source>
        <translation>Save…</translation>
    </message>
    <message>
        <source>対応表をTOMLで書き出し、チームで共有する</source>
        <translation>Save the field map as TOML to share it with the team</translation>
    </message>
    <message>
        <source>標準に戻す</source>
        <translation>Back to standard</translation>
    </message>
    <message>
        <source>isdeskの項目</source>
        <translation>isdesk field</translation>
    </message>
    <message>
        <source>向き</source>
        <translation>Way</translation>
    </message>
    <message>
        <source>CRMの項目</source>
        <translation>CRM field</translation>
    </message>
    <message>
        <source>実際の値</source>
        <translation>Live values</translation>
    </message>
    <message>
        <source>型</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>—</source>
        <translation>—</translation>
    </message>
    <message>
        <source>対応なし</source>
        <translation>Not mapped</translation>
    </message>
    <message>
        <source>CRMで必須なのに、isdeskから何も入らない項目: {names}。項目を対応させるか、CRMで既定値を決めてください。</source>
        <translation>Required by the CRM, but nothing from isdesk fills: {names}. Map a field to them or set a default in the CRM.</translation>
    </message>
    <message>
        <source>「{name}」に対応済み</source>
        <translation>Mapped to “{name}” already</translation>
    </message>
    <message>
        <source>対応表を読み込みました</source>
        <translation>The field map was loaded</translation>
    </message>
    <message>
        <source>対応表を書き出しました: {file}</source>
        <translation>The field map was saved: {file}</translation>
    </message>
    <message>
        <source>対応表を読み込む</source>
        <translation>Load a field map</translation>
    </message>
    <message>
        <source>対応表を書き出す</source>
        <translation>Save the field map</translation>
    </message>
    <message>
        <source>対応表 (*.toml)</source>
        <translation>Field maps (*.toml)</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>会社 {n}社も追加</source>
        <translation>and {n} companies</translation>
    </message>
    <message>
        <source>うち{n}件は架電・配信の停止対象</source>
        <translation>{n} of them barred from calls or mail</translation>
    </message>
    <message>
        <source>新規</source>
        <translation>New</translation>
    </message>
    <message>
        <source>更新</source>
        <translation>Updated</translation>
    </message>
    <message>
        <source>登録済みのリード</source>
        <translation>Leads already here</translation>
    </message>
    <message>
        <source>変更なし</source>
        <translation>No change</translation>
    </message>
    <message>
        <source>登録済みと同じ</source>
        <translation>The same as here</translation>
    </message>
    <message>
        <source>似た登録</source>
        <translation>Look-alikes</translation>
    </message>
    <message>
        <source>自動では統合しません</source>
        <translation>Never merged by themselves</translation>
    </message>
    <message>
        <source>読めない値</source>
        <translation>Unreadable values</translation>
    </message>
    <message>
        <source>その値だけ除いて取り込み</source>
        <translation>Only the value is left out</translation>
    </message>
    <message>
        <source>取り込まない行</source>
        <translation>Rows left out</translation>
    </message>
    <message>
        <source>相手を特定できない行</source>
        <translation>Rows that name nobody</translation>
    </message>
</context>
<context>
    <name>FiguresPage</name>
    <message>
        <source>グループの指標</source>
        <translation>Figures by group</translation>
    </message>
    <message>
        <source>最終日が初日より前です</source>
        <translation>The last day lies before the first</translation>
    </message>
    <message>
        <source>集計し直しています…</source>
        <translation>Counting anew…</translation>
    </message>
    <message>
        <source>{group}別 — 量には必ず質を並べます(Enterで明細)</source>
        <translation>By {group} — never a quantity without its quality (Enter: records)</translation>
    </message>
    <message>
        <source>すべて</source>
        <translation>All</translation>
    </message>
    <message>
        <source>理由: {reason}</source>
        <translation>Reason: {reason}</translation>
    </message>
</context>
<context>
    <name>FiguresPart</name>
    <message>
        <source>推移</source>
        <translation>Trend</translation>
    </message>
    <message>
        <source>FSの進捗(この期間に起きたこと)</source>
        <translation>Progress of FS (what happened in the period)</translation>
    </message>
    <message>
        <source>月ごとの推移</source>
        <translation>Month by month</translation>
    </message>
    <message>
        <source>週ごとの推移</source>
        <translation>Week by week</translation>
    </message>
    <message>
        <source>指標</source>
        <translation>Figure</translation>
    </message>
</context>
<context>
    <name>FileBar</name>
    <message>
        <source>文字コード</source>
        <translation>Encoding</translation>
    </message>
    <message>
        <source>区切り</source>
        <translation>Delimiter</translation>
    </message>
    <message>
        <source>シート</source>
        <translation>Sheet</translation>
    </message>
    <message>
        <source>別のファイル</source>
        <translation>Another file</translation>
    </message>
    <message>
        <source>{rows}行 ・ {columns}列</source>
        <translation>{rows} rows · {columns} columns</translation>
    </message>
    <message>
        <source>見出しは{n}行目</source>
        <translation>header in row {n}</translation>
    </message>
    <message>
        <source>列の対応は前回のものを使っています</source>
        <translation>columns mapped as last time</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>氏名・会社・電話番号・メールで絞り込み</source>
        <translation>Filter by name, company, phone or mail</translation>
    </message>
    <message>
        <source>リードを絞り込む</source>
        <translation>Filter leads</translation>
    </message>
    <message>
        <source>絞り込み(/)</source>
        <translation>Filter (/)</translation>
    </message>
    <message>
        <source>ステージ</source>
        <translation>Stage</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>isdesk へようこそ</source>
        <translation>Welcome to isdesk</translation>
    </message>
    <message>
        <source>次にかける相手、その横にスクリプト、結果はキーひとつ。データはこの端末に暗号化して保存されます。</source>
        <translation>The next call, the script beside it, one key for the outcome. Your data stays on this computer, encrypted.</translation>
    </message>
    <message>
        <source>デモチームを開く</source>
        <translation>Open the demo team</translation>
    </message>
    <message>
        <source>架空の会社と担当者、90日分の履歴が入ったチームで、すぐに操作を試せます。数秒で開きます。</source>
        <translation>Try everything at once on a team of made-up companies and people with 90 days of history. Takes a few seconds.</translation>
    </message>
    <message>
        <source>まず試す</source>
        <translation>Try it first</translation>
    </message>
    <message>
        <source>設定を始める</source>
        <translation>Set it up</translation>
    </message>
    <message>
        <source>お名前と接続先を決めて、自分のリストで始めます。あとから変えられます。</source>
        <translation>Say who you are and where to connect, and start with your own list. All of it can be changed later.</translation>
    </message>
    <message>
        <source>自分の環境を用意する</source>
        <translation>Set up my own desk</translation>
    </message>
    <message>
        <source>暗号化パスフレーズ</source>
        <translation>Encryption passphrase</translation>
    </message>
    <message>
        <source>この端末には鍵を預けられるキーチェーンがないため、データを開くパスフレーズを決めてください(8文字以上)。</source>
        <translation>This computer has no keyring to keep the key. Choose a passphrase that opens your data (8 characters or more).</translation>
    </message>
    <message>
        <source>パスフレーズ</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>1 / 3  あなたについて</source>
        <translation>1 / 3  About you</translation>
    </message>
    <message>
        <source>インサイドセールス</source>
        <translation>Inside sales</translation>
    </message>
    <message>
        <source>チームリーダー</source>
        <translation>Team lead</translation>
    </message>
    <message>
        <source>フィールドセールス</source>
        <translation>Field sales</translation>
    </message>
    <message>
        <source>お名前</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>御社名(スクリプトに入ります)</source>
        <translation>Your company (used in scripts)</translation>
    </message>
    <message>
        <source>役割</source>
        <translation>Role</translation>
    </message>
    <message>
        <source>チームの定義</source>
        <translation>Team definitions</translation>
    </message>
    <message>
        <source>次へ</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>2 / 3  接続先</source>
        <translation>2 / 3  Connection</translation>
    </message>
    <message>
        <source>この端末だけで使う(内蔵ハブ)</source>
        <translation>This computer only (built-in hub)</translation>
    </message>
    <message>
        <source>CRMかチームハブに接続する</source>
        <translation>Connect to a CRM or a team hub</translation>
    </message>
    <message>
        <source>Salesforce・HubSpot・kintone・Odoo・PostgreSQL。次の画面で、確かめながらつなぎます。</source>
        <translation>Salesforce, HubSpot, kintone, Odoo or PostgreSQL. The next pages guide you through it, checking each step.</translation>
    </message>
    <message>
        <source>サーバーは要りません。データはこの端末の暗号化された内蔵ハブに入ります。</source>
        <translation>No server is needed. Data goes into an encrypted hub on this computer.</translation>
    </message>
    <message>
        <source>リストを取り込んで、すぐに架電を始められます。</source>
        <translation>Import a list and begin to call at once.</translation>
    </message>
    <message>
        <source>このあと、接続先を選んで確かめながらつなぎます。</source>
        <translation>Next you choose where to connect, checking each step.</translation>
    </message>
    <message>
        <source>あとで決める</source>
        <translation>Decide later</translation>
    </message>
    <message>
        <source>3 / 3  準備ができました</source>
        <translation>3 / 3  Ready</translation>
    </message>
    <message>
        <source>回復用パスフレーズ</source>
        <translation>Recovery passphrase</translation>
    </message>
    <message>
        <source>鍵を失ったときにデータを開ける唯一の方法です。印刷するか、安全な場所に控えてください。再表示はできません。</source>
        <translation>The only way to open your data should the key be lost. Print it or keep it in a safe place; it is not shown again.</translation>
    </message>
    <message>
        <source>コピー</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>控えました。はじめる</source>
        <translation>I have kept it. Start</translation>
    </message>
    <message>
        <source>戻る</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>先に暗号化パスフレーズを決めてください。</source>
        <translation>Please choose the encryption passphrase first.</translation>
    </message>
    <message>
        <source>デモチームを作っています(会社・担当者・90日分の履歴)</source>
        <translation>Making the demo team (companies, people, 90 days of history)</translation>
    </message>
    <message>
        <source>暗号化されたデータベースを作っています</source>
        <translation>Making the encrypted database</translation>
    </message>
    <message>
        <source>接続先は「設定」からいつでも決められます。記録はこの端末に保存されます。</source>
        <translation>You can connect any time in the settings. What you record stays on this computer.</translation>
    </message>
    <message>
        <source>この端末の内蔵ハブに接続しました。</source>
        <translation>Connected to the built-in hub of this computer.</translation>
    </message>
    <message>
        <source>内蔵ハブを作っています</source>
        <translation>Making the built-in hub</translation>
    </message>
</context>
<context>
    <name>FirstSyncStep</name>
    <message>
        <source>中止</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>続きを受け取る</source>
        <translation>Go on receiving</translation>
    </message>
    <message>
        <source>同期の状態を見る</source>
        <translation>See the sync page</translation>
    </message>
    <message>
        <source>架電をはじめる</source>
        <translation>Begin to call</translation>
    </message>
    <message>
        <source>はじめての同期をしています</source>
        <translation>Doing the first sync</translation>
    </message>
    <message>
        <source>この画面を離れても続きます。届いたリードから架電できます。</source>
        <translation>It goes on when you leave this page. You can call the leads that have arrived.</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n}</translation>
    </message>
    <message>
        <source>{n} / 約{all}件</source>
        <translation>{n} of about {all}</translation>
    </message>
    <message>
        <source>同期は途中で止まりました</source>
        <translation>The sync stopped half-way</translation>
    </message>
    <message>
        <source>{problem} ここまでに届いた{n}件は使えます。</source>
        <translation>{problem} The {n} leads that have arrived can be used.</translation>
    </message>
    <message>
        <source>準備ができました</source>
        <translation>Ready</translation>
    </message>
    <message>
        <source>リード {n}件</source>
        <translation>{n} leads</translation>
    </message>
    <message>
        <source>送信待ち{n}件は順に送ります。</source>
        <translation>{n} waiting records are being sent.</translation>
    </message>
    <message>
        <source>これからは自動で同期します。</source>
        <translation>From now on it syncs by itself.</translation>
    </message>
    <message>
        <source>中止しています。ここまでに届いた分は残ります。</source>
        <translation>Stopping. What has arrived stays.</translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>日本語</source>
        <translation>Japanese</translation>
    </message>
    <message>
        <source>英語</source>
        <translation>English</translation>
    </message>
</context>
<context>
    <name>FreshCheck</name>
    <message>
        <source>CRMに確かめられません。この端末のデータは{ago}のものです。</source>
        <translation>The CRM cannot be asked. The data here is of {ago}.</translation>
    </message>
    <message>
        <source>CRMで架電禁止になっています。かけずに止めました。</source>
        <translation>Do not call, says the CRM. The call was not placed.</translation>
    </message>
    <message>
        <source>CRMで架電禁止になっています。この通話を終えてください。</source>
        <translation>Do not call, says the CRM. Please end this call.</translation>
    </message>
    <message>
        <source>このリードはCRMに見当たりません(削除・統合・担当変更)。記録はこの端末に残ります。</source>
        <translation>This lead is not in the CRM (deleted, merged or reassigned). Records stay on this computer.</translation>
    </message>
    <message>
        <source>ほかの人</source>
        <translation>Somebody else</translation>
    </message>
    <message>
        <source>{who}が{at}({ago})に連絡しています。</source>
        <translation>{who} was in touch at {at} ({ago}).</translation>
    </message>
</context>
<context>
    <name>FsFigures</name>
    <message>
        <source>FS全員</source>
        <translation>All of FS</translation>
    </message>
    <message>
        <source>{who} ・ 直近{days}日の引き継ぎ {n}件(Enterで明細)</source>
        <translation>{who} · {n} handoffs in the last {days} days (Enter: records)</translation>
    </message>
</context>
<context>
    <name>Funnel</name>
    <message>
        <source>棒の長さは平方根。割合は前の段階に対するもの。</source>
        <translation>Bars are square roots; rates are of the step before.</translation>
    </message>
    <message>
        <source>段階</source>
        <translation>Step</translation>
    </message>
    <message>
        <source>件数</source>
        <translation>Count</translation>
    </message>
    <message>
        <source>前の段階に対する率</source>
        <translation>Share of the step before</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>ファネル</source>
        <translation>Funnel</translation>
    </message>
    <message>
        <source>架電 → 受注</source>
        <translation>Dials → wins</translation>
    </message>
    <message>
        <source>推移</source>
        <translation>Trend</translation>
    </message>
    <message>
        <source>通電率 曜日 × 時間</source>
        <translation>Answer rate by weekday × hour</translation>
    </message>
    <message>
        <source>断られた理由・失注の理由</source>
        <translation>Refusals and lost reasons</translation>
    </message>
    <message>
        <source>スクリプトの版の比較</source>
        <translation>Script versions compared</translation>
    </message>
    <message>
        <source>SLA遵守率</source>
        <translation>SLA kept</translation>
    </message>
    <message>
        <source>初回対応</source>
        <translation>First response</translation>
    </message>
    <message>
        <source>{day} から</source>
        <translation>from {day}</translation>
    </message>
    <message>
        <source>% ・ 薄い = n が少ない</source>
        <translation>% · pale = few dials</translation>
    </message>
    <message>
        <source>アポ ÷ 接続</source>
        <translation>meetings ÷ decision makers</translation>
    </message>
</context>
<context>
    <name>Gate</name>
    <message>
        <source>回復用パスフレーズで開く</source>
        <translation>Open with the recovery passphrase</translation>
    </message>
    <message>
        <source>開く</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>開いています</source>
        <translation>Opening</translation>
    </message>
    <message>
        <source>ロックしています</source>
        <translation>Locked</translation>
    </message>
    <message>
        <source>パスフレーズを入力してください</source>
        <translation>Enter the passphrase</translation>
    </message>
    <message>
        <source>入力途中の内容も記録も、暗号化して保存されています。</source>
        <translation>What you typed and recorded is kept, encrypted.</translation>
    </message>
    <message>
        <source>もう一度開く</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>回復用パスフレーズ</source>
        <translation>Recovery passphrase</translation>
    </message>
    <message>
        <source>パスフレーズ</source>
        <translation>Passphrase</translation>
    </message>
</context>
<context>
    <name>Handing</name>
    <message>
        <source>承認を依頼しました。承認されるとFSに届きます(取り消し Ctrl+Z)</source>
        <translation>Asked for approval. FS gets it once it is approved (undo Ctrl+Z)</translation>
    </message>
    <message>
        <source>引き渡しました(取り消し Ctrl+Z)</source>
        <translation>Handed over (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>差し戻しの理由「{reason}」のあと、何も変わっていません。</source>
        <translation>Returned for “{reason}”, and nothing has changed since.</translation>
    </message>
    <message>
        <source>このまま引き渡すには、もう一度 Ctrl+Shift+Enter。</source>
        <translation>Press Ctrl+Shift+Enter again to hand over as it is.</translation>
    </message>
    <message>
        <source>引き継ぎメモをコピーしました。60秒後に消えます。</source>
        <translation>Handoff memo copied. It is cleared after 60 seconds.</translation>
    </message>
    <message>
        <source>メールアドレスをコピーしました。60秒後に消えます。</source>
        <translation>Address copied. It is cleared after 60 seconds.</translation>
    </message>
    <message>
        <source>このリンクは開けません。LinkedInのhttpsのアドレスだけを開きます。</source>
        <translation>This link cannot be opened: only https addresses of LinkedIn are.</translation>
    </message>
</context>
<context>
    <name>HandoffDetail</name>
    <message>
        <source>引き継ぎメモ</source>
        <translation>Handoff memo</translation>
    </message>
    <message>
        <source>引き渡す</source>
        <translation>Hand over</translation>
    </message>
    <message>
        <source>受理する</source>
        <translation>Accept</translation>
    </message>
    <message>
        <source>フィードバック</source>
        <translation>Feedback</translation>
    </message>
    <message>
        <source>差し戻す</source>
        <translation>Return</translation>
    </message>
    <message>
        <source>取り下げる</source>
        <translation>Withdraw</translation>
    </message>
    <message>
        <source>リサイクル</source>
        <translation>Recycle</translation>
    </message>
    <message>
        <source>架電画面で開く</source>
        <translation>Open in the call page</translation>
    </message>
    <message>
        <source>コピー</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>印刷</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>書いた内容はその場で保存され、ISにも見えます(Esc で一覧へ)</source>
        <translation>Saved as you go, and seen by IS (Esc: back to the list)</translation>
    </message>
    <message>
        <source>FSが書いた商談の準備です。</source>
        <translation>What FS prepared for the meeting.</translation>
    </message>
    <message>
        <source>結果: {report}</source>
        <translation>Result: {report}</translation>
    </message>
    <message>
        <source>商談の準備 {n}</source>
        <translation>Meeting {n}</translation>
    </message>
    <message>
        <source>判断期限 {when}(営業時間で数えます)</source>
        <translation>To be decided by {when} (counted in business hours)</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>承認を依頼</source>
        <translation>Ask for approval</translation>
    </message>
    <message>
        <source>承認を依頼する理由(任意)</source>
        <translation>Why it should be approved (optional)</translation>
    </message>
    <message>
        <source>差し戻し理由: {reason}</source>
        <translation>Returned because: {reason}</translation>
    </message>
    <message>
        <source>商談の準備</source>
        <translation>Meeting</translation>
    </message>
    <message>
        <source>足りないもの: {items}</source>
        <translation>Missing: {items}</translation>
    </message>
    <message>
        <source>引き渡しにはチームリーダーの承認が必要です({why})</source>
        <translation>Handing over needs the team lead&apos;s approval ({why})</translation>
    </message>
    <message>
        <source>チームリーダーの承認を待っています。承認されるとFSに届きます。</source>
        <translation>Waits for the team lead&apos;s approval. FS gets it once it is approved.</translation>
    </message>
    <message>
        <source>確度 {grade}</source>
        <translation>Likelihood {grade}</translation>
    </message>
    <message>
        <source>FS担当 {name}</source>
        <translation>FS: {name}</translation>
    </message>
    <message>
        <source>IS担当 {name}</source>
        <translation>IS: {name}</translation>
    </message>
    <message>
        <source>商談 {when}</source>
        <translation>Meeting {when}</translation>
    </message>
    <message>
        <source>判断期限 {when}</source>
        <translation>Decide by {when}</translation>
    </message>
</context>
<context>
    <name>HandoffPage</name>
    <message>
        <source>引き継ぎはまだありません</source>
        <translation>No handoffs yet</translation>
    </message>
    <message>
        <source>ISが引き渡したリードが、判断期限とともにここに届きます。</source>
        <translation>Leads that IS hands over arrive here, each with the time to decide.</translation>
    </message>
    <message>
        <source>架電でアポを獲得すると、ここに下書きができます。</source>
        <translation>When a call wins a meeting, its draft appears here.</translation>
    </message>
    <message>
        <source>架電へ</source>
        <translation>To the calls</translation>
    </message>
    <message>
        <source>ここに当てはまる引き継ぎはありません</source>
        <translation>No handoffs here</translation>
    </message>
    <message>
        <source>T で絞り込みを切り替えられます。</source>
        <translation>T narrows by something else.</translation>
    </message>
    <message>
        <source>承認を依頼しました。承認されるとFSに届きます(取り消し Ctrl+Z)</source>
        <translation>Asked for approval. FS gets it once it is approved (undo Ctrl+Z)</translation>
    </message>
    <message>
        <source>引き渡しました(取り消し Ctrl+Z)</source>
        <translation>Handed over (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>受理しました(取り消し Ctrl+Z)</source>
        <translation>Accepted (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>差し戻しました(取り消し Ctrl+Z)</source>
        <translation>Returned (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>リサイクルしました(取り消し Ctrl+Z)</source>
        <translation>Recycled (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>取り下げました(取り消し Ctrl+Z)</source>
        <translation>Withdrawn (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>フィードバックを記録しました(取り消し Ctrl+Z)</source>
        <translation>Feedback recorded (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>商談の準備を保存しました(取り消し Ctrl+Z)</source>
        <translation>Meeting notes saved (undo Ctrl+Z)</translation>
    </message>
    <message>
        <source>引き継ぎメモをコピーしました。60秒後に消えます。</source>
        <translation>Handoff memo copied. It is cleared after 60 seconds.</translation>
    </message>
</context>
<context>
    <name>HandoffTab</name>
    <message>
        <source>すべて</source>
        <translation>All</translation>
    </message>
    <message>
        <source>メモ</source>
        <translation>Memo</translation>
    </message>
    <message>
        <source>引き渡す</source>
        <translation>Hand over</translation>
    </message>
    <message>
        <source>取り下げ</source>
        <translation>Withdrawn</translation>
    </message>
    <message>
        <source>ToDo</source>
        <translation>Task</translation>
    </message>
    <message>
        <source>直近の接触</source>
        <translation>Latest touches</translation>
    </message>
    <message>
        <source>企業</source>
        <translation>Company</translation>
    </message>
    <message>
        <source>次回</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>R 実行</source>
        <translation>R does</translation>
    </message>
    <message>
        <source>A 責任</source>
        <translation>A answers</translation>
    </message>
    <message>
        <source>同社 {n}名</source>
        <translation>{n} at this company</translation>
    </message>
    <message>
        <source>足りないもの: {names}</source>
        <translation>Missing: {names}</translation>
    </message>
    <message>
        <source>FSへ引き渡します</source>
        <translation>Hands the lead over to FS</translation>
    </message>
    <message>
        <source>承認を依頼</source>
        <translation>Ask for approval</translation>
    </message>
    <message>
        <source>{field}: {question}</source>
        <translation>{field}: {question}</translation>
    </message>
    <message>
        <source>一覧</source>
        <translation>Overview</translation>
    </message>
</context>
<context>
    <name>HandoffWatch</name>
    <message>
        <source>開く</source>
        <translation>Open</translation>
    </message>
</context>
<context>
    <name>Head</name>
    <message>
        <source>分析</source>
        <translation>Analysis</translation>
    </message>
    <message>
        <source>日 D ・ 週 W ・ 月 M ・ 期間 C</source>
        <translation>Day D ・ week W ・ month M ・ span C</translation>
    </message>
    <message>
        <source>握り直し会議</source>
        <translation>Alignment meeting</translation>
    </message>
    <message>
        <source>週 W ・ 月 M</source>
        <translation>Week W ・ month M</translation>
    </message>
    <message>
        <source>前の期間([)</source>
        <translation>Previous period ([)</translation>
    </message>
    <message>
        <source>次の期間(])</source>
        <translation>Next period (])</translation>
    </message>
    <message>
        <source>前の期間</source>
        <translation>Previous period</translation>
    </message>
    <message>
        <source>次の期間</source>
        <translation>Next period</translation>
    </message>
    <message>
        <source>配布する資料をPDFで保存(P)</source>
        <translation>Save the document to hand out as PDF (P)</translation>
    </message>
    <message>
        <source>配布する資料をHTMLで保存(H)</source>
        <translation>Save the document to hand out as HTML (H)</translation>
    </message>
    <message>
        <source>月次レビュー</source>
        <translation>Monthly review</translation>
    </message>
    <message>
        <source>記録確定</source>
        <translation>Minutes fixed</translation>
    </message>
    <message>
        <source>記録中</source>
        <translation>Minutes open</translation>
    </message>
    <message>
        <source>確定を解く</source>
        <translation>Open again</translation>
    </message>
    <message>
        <source>記録を確定</source>
        <translation>Fix the minutes</translation>
    </message>
    <message>
        <source>記録を確定・確定を解く(C)</source>
        <translation>Fix the minutes, or open them again (C)</translation>
    </message>
    <message>
        <source>期間の初日</source>
        <translation>First day</translation>
    </message>
    <message>
        <source>期間の最終日</source>
        <translation>Last day</translation>
    </message>
    <message>
        <source>まとめ</source>
        <translation>Grouped by</translation>
    </message>
    <message>
        <source>まとめ方</source>
        <translation>Group by</translation>
    </message>
    <message>
        <source>まとめ方(G)</source>
        <translation>Group by (G)</translation>
    </message>
    <message>
        <source>1ページのPDF(P)</source>
        <translation>PDF of one page (P)</translation>
    </message>
    <message>
        <source>書き出す</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Excel・CSV・画像に書き出す(E)</source>
        <translation>Export to Excel, CSV or a picture (E)</translation>
    </message>
    <message>
        <source>費用</source>
        <translation>Cost</translation>
    </message>
    <message>
        <source>費用と単価(Y)</source>
        <translation>Costs (Y)</translation>
    </message>
</context>
<context>
    <name>Heat</name>
    <message>
        <source>時間帯を比べるには、まだ件数が足りません。</source>
        <translation>There are too few calls yet to compare hours.</translation>
    </message>
    <message>
        <source>最も通電率が高い: {day} {hour}時台 {rate}</source>
        <translation>Best answer rate: {day} {hour}:00 {rate}</translation>
    </message>
    <message>
        <source>曜日</source>
        <translation>Weekday</translation>
    </message>
    <message>
        <source>時</source>
        <translation>Hour</translation>
    </message>
</context>
<context>
    <name>HelpPage</name>
    <message>
        <source>ヘルプ</source>
        <translation>Help</translation>
    </message>
    <message>
        <source>キーはすべてここにあります。Ctrl K でどの画面からでも呼び出せます。</source>
        <translation>Every key is here. Ctrl K finds any of these from anywhere.</translation>
    </message>
    <message>
        <source>操作を探す</source>
        <translation>Find an action</translation>
    </message>
    <message>
        <source>キー</source>
        <translation>Keys</translation>
    </message>
    <message>
        <source>isdesk {version} — MIT ライセンス</source>
        <translation>isdesk {version} — MIT licence</translation>
    </message>
    <message>
        <source>どの画面でも使えます</source>
        <translation>Works on every page</translation>
    </message>
</context>
<context>
    <name>ImportPage</name>
    <message>
        <source>1 ファイル</source>
        <translation>1 File</translation>
    </message>
    <message>
        <source>2 列の対応</source>
        <translation>2 Columns</translation>
    </message>
    <message>
        <source>3 確認</source>
        <translation>3 Check</translation>
    </message>
    <message>
        <source>4 結果</source>
        <translation>4 Result</translation>
    </message>
    <message>
        <source>取り込み</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>確認へ進む</source>
        <translation>Check</translation>
    </message>
    <message>
        <source>Enterで取り込み先を選び、Deleteで外します</source>
        <translation>Enter chooses the field, Delete leaves a column out</translation>
    </message>
    <message>
        <source>取り込む</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>列の対応に戻る</source>
        <translation>Back to the columns</translation>
    </message>
    <message>
        <source>まだ何も書き込んでいません</source>
        <translation>Nothing is written yet</translation>
    </message>
    <message>
        <source>この取り込みを元に戻す</source>
        <translation>Undo this import</translation>
    </message>
    <message>
        <source>読めない値をCSVで保存</source>
        <translation>Save unreadable values as CSV</translation>
    </message>
    <message>
        <source>リードを見る</source>
        <translation>See the leads</translation>
    </message>
    <message>
        <source>次のファイル</source>
        <translation>Next file</translation>
    </message>
    <message>
        <source>ファイルを調べています</source>
        <translation>Looking at the file</translation>
    </message>
    <message>
        <source>行を確かめています</source>
        <translation>Checking the rows</translation>
    </message>
    <message>
        <source>{file} の{rows}行を取り込むと、次のようになります</source>
        <translation>Importing {file} ({rows} rows) would do this</translation>
    </message>
    <message>
        <source>メールの同意の根拠を{n}件のアドレスに記録します</source>
        <translation>a basis of mail is noted for {n} addresses</translation>
    </message>
    <message>
        <source>{file} に新しい内容はありません</source>
        <translation>{file} brings nothing new</translation>
    </message>
    <message>
        <source>{n}件を取り込む</source>
        <translation>Import {n} leads</translation>
    </message>
    <message>
        <source>取り込んでいます</source>
        <translation>Importing</translation>
    </message>
    <message>
        <source>取り込みました: 新規{new}件・更新{changed}件</source>
        <translation>Imported: {new} new, {changed} updated</translation>
    </message>
    <message>
        <source>同意の根拠{n}件</source>
        <translation>{n} bases of mail</translation>
    </message>
    <message>
        <source>ひとつの操作として記録されています。「取り消し」(Ctrl+Z)で全部戻ります。</source>
        <translation>Recorded as one step: Undo (Ctrl+Z) takes back all of it.</translation>
    </message>
    <message>
        <source>このあとに{n}件の操作があります。元に戻すと、それらも取り消されます。</source>
        <translation>{n} steps came after it; undoing takes them back too.</translation>
    </message>
    <message>
        <source>この取り込みは、もう元に戻してあるか、書き込むものがありませんでした。</source>
        <translation>This import is undone already, or there was nothing to write.</translation>
    </message>
    <message>
        <source>元に戻しています</source>
        <translation>Undoing</translation>
    </message>
    <message>
        <source>取り込みを元に戻しました。リードは取り込む前の状態です。</source>
        <translation>The import is undone. The leads are as they were before.</translation>
    </message>
    <message>
        <source>読めない値を保存</source>
        <translation>Save unreadable values</translation>
    </message>
    <message>
        <source>CSV (*.csv);;Excel (*.xlsx)</source>
        <translation>CSV (*.csv);;Excel (*.xlsx)</translation>
    </message>
    <message>
        <source>{n}件を {file} に保存しました</source>
        <translation>{n} saved to {file}</translation>
    </message>
    <message>
        <source>取り込みを中止しました。何も書き込んでいません。</source>
        <translation>The import was stopped. Nothing was written.</translation>
    </message>
</context>
<context>
    <name>Inbox</name>
    <message>
        <source>承認の依頼</source>
        <translation>Requests for approval</translation>
    </message>
    <message>
        <source>決定済みも表示</source>
        <translation>Show decided ones too</translation>
    </message>
    <message>
        <source>決定済みも表示(D)</source>
        <translation>Show decided ones too (D)</translation>
    </message>
    <message>
        <source>依頼</source>
        <translation>Request</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Leads</translation>
    </message>
    <message>
        <source>依頼者</source>
        <translation>Asked by</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>Date, time</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>ステージの変更・架電禁止の解除・一括終了・引き渡しで承認が必要なものが、ここに届きます。</source>
        <translation>Stage moves, lifted do-not-calls, bulk closes and handoffs that need approval arrive here.</translation>
    </message>
    <message>
        <source>承認待ちはありません</source>
        <translation>Nothing waits for approval</translation>
    </message>
    <message>
        <source>承認待ち {n}件</source>
        <translation>{n} waiting for approval</translation>
    </message>
    <message>
        <source>承認しました</source>
        <translation>Approved</translation>
    </message>
    <message>
        <source>却下しました</source>
        <translation>Refused</translation>
    </message>
    <message>
        <source>依頼を取り下げました</source>
        <translation>Request withdrawn</translation>
    </message>
    <message>
        <source>{what}(取り消し Ctrl+Z)</source>
        <translation>{what} (undo with Ctrl+Z)</translation>
    </message>
</context>
<context>
    <name>IncomingCalls</name>
    <message>
        <source>約束した再コールの時刻はそのままです。</source>
        <translation>The promised call stays at its time.</translation>
    </message>
    <message>
        <source>番号非通知</source>
        <translation>number withheld</translation>
    </message>
    <message>
        <source>番号非通知の相手</source>
        <translation>a withheld number</translation>
    </message>
    <message>
        <source>登録のない番号 {number}</source>
        <translation>{number}, not among the leads</translation>
    </message>
    <message>
        <source>受電中: {who}</source>
        <translation>On the phone: {who}</translation>
    </message>
    <message>
        <source>不在着信: {who}</source>
        <translation>Missed call: {who}</translation>
    </message>
    <message>
        <source>受電終了: {who}</source>
        <translation>Call ended: {who}</translation>
    </message>
    <message>
        <source>着信: {who}</source>
        <translation>Incoming call: {who}</translation>
    </message>
    <message>
        <source>折り返し</source>
        <translation>Calls back</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>同じ番号: {names}</source>
        <translation>Same number: {names}</translation>
    </message>
    <message>
        <source>電話機で受けてください。</source>
        <translation>Answer it at the telephone.</translation>
    </message>
    <message>
        <source>架電禁止のため、こちらからはかけ直しません。</source>
        <translation>On the do-not-call list: nobody calls back.</translation>
    </message>
    <message>
        <source>こちらからかけ直す再コールとしてキューに上げました。</source>
        <translation>Moved up in the queue, to be called back.</translation>
    </message>
    <message>
        <source>開いて架電結果を記録してください。</source>
        <translation>Open the lead and record the outcome.</translation>
    </message>
    <message>
        <source>リードに付けると記録に残ります。</source>
        <translation>Put it to a lead to record it.</translation>
    </message>
    <message>
        <source>不在着信として記録しました。次回アクションはそのままです。</source>
        <translation>Recorded as a missed call. The next action stays as it was.</translation>
    </message>
    <message>
        <source>受けて開く F9</source>
        <translation>Take and open F9</translation>
    </message>
    <message>
        <source>リードを開く F9</source>
        <translation>Open the lead F9</translation>
    </message>
    <message>
        <source>受ける F9</source>
        <translation>Take F9</translation>
    </message>
    <message>
        <source>リードに付ける F9</source>
        <translation>Put to a lead F9</translation>
    </message>
    <message>
        <source>着信はありません。</source>
        <translation>Nobody is calling.</translation>
    </message>
</context>
<context>
    <name>IntroductionPage</name>
    <message>
        <source>90日</source>
        <translation>90 days</translation>
    </message>
    <message>
        <source>準備度と診断</source>
        <translation>Readiness</translation>
    </message>
    <message>
        <source>導入の開始日</source>
        <translation>Start of the introduction</translation>
    </message>
    <message>
        <source>開始日にする</source>
        <translation>Set the start</translation>
    </message>
    <message>
        <source>開始日にする(S で日付へ)</source>
        <translation>Set the start (S goes to the date)</translation>
    </message>
    <message>
        <source>文書で保存</source>
        <translation>Save document</translation>
    </message>
    <message>
        <source>文書で保存(E)</source>
        <translation>Save document (E)</translation>
    </message>
    <message>
        <source>90日の項目</source>
        <translation>Steps of the 90 days</translation>
    </message>
    <message>
        <source>準備度と診断の項目</source>
        <translation>Points of readiness and self-assessment</translation>
    </message>
    <message>
        <source>時期</source>
        <translation>When</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>項目</source>
        <translation>Item</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Owner</translation>
    </message>
    <message>
        <source>期限</source>
        <translation>Due</translation>
    </message>
    <message>
        <source>種類</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>答え</source>
        <translation>Answer</translation>
    </message>
    <message>
        <source>導入</source>
        <translation>Introduction</translation>
    </message>
    <message>
        <source>開始日</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>{n}日目</source>
        <translation>day {n}</translation>
    </message>
    <message>
        <source>済み {done}/{steps} ・ 準備度 {ready}/{points} ・ 症状 {found}/{symptoms}</source>
        <translation>Done {done}/{steps} ・ ready {ready}/{points} ・ symptoms {found}/{symptoms}</translation>
    </message>
    <message>
        <source>症状が{n}つあります。分業の設計(役割・定義・SLA)を見直す必要があります。</source>
        <translation>{n} symptoms: the division of work (roles, definitions, SLA) needs a redesign.</translation>
    </message>
    <message>
        <source>記録しました(取り消し Ctrl+Z)</source>
        <translation>Noted (undo Ctrl+Z)</translation>
    </message>
    <message>
        <source>導入の状況 {day}</source>
        <translation>Introduction {day}</translation>
    </message>
    <message>
        <source>PDF (*.pdf);;HTML (*.html)</source>
        <translation>PDF (*.pdf);;HTML (*.html)</translation>
    </message>
    <message>
        <source>導入の状況を保存</source>
        <translation>Save how the introduction stands</translation>
    </message>
    <message>
        <source>導入の90日</source>
        <translation>Introduction in 90 days</translation>
    </message>
    <message>
        <source>文書を書き込めませんでした。</source>
        <translation>The document could not be written.</translation>
    </message>
    <message>
        <source>保存先を変えて、もう一度お試しください。</source>
        <translation>Choose another place and try again.</translation>
    </message>
    <message>
        <source>保存しました: {file}</source>
        <translation>Saved: {file}</translation>
    </message>
</context>
<context>
    <name>Inviter</name>
    <message>
        <source>商談の取り消しを記録しました: {what}</source>
        <translation>Meeting called off: {what}</translation>
    </message>
    <message>
        <source>商談を記録しました: {what}</source>
        <translation>Meeting recorded: {what}</translation>
    </message>
    <message>
        <source>約1分後に {to} へ招待を送ります。Ctrl+Z で商談ごと取り消せます。</source>
        <translation>The invitation leaves for {to} in about a minute; Ctrl+Z takes it back with the meeting.</translation>
    </message>
    <message>
        <source>約1分後に {to} へ取り消しを知らせます。Ctrl+Z で元に戻せます。</source>
        <translation>{to} hears of it in about a minute; Ctrl+Z brings the meeting back.</translation>
    </message>
    <message>
        <source>今すぐ送る  Ctrl+Shift+M</source>
        <translation>Send now  Ctrl+Shift+M</translation>
    </message>
    <message>
        <source>招待は送っていません: {why}</source>
        <translation>The invitation was not sent: {why}</translation>
    </message>
    <message>
        <source>予定表 (*.ics)</source>
        <translation>Calendar (*.ics)</translation>
    </message>
    <message>
        <source>招待を保存</source>
        <translation>Save the invitation</translation>
    </message>
    <message>
        <source>招待を書き込めませんでした。</source>
        <translation>The invitation could not be written.</translation>
    </message>
    <message>
        <source>保存先を変えて、もう一度お試しください。</source>
        <translation>Choose another place and try again.</translation>
    </message>
    <message>
        <source>招待を保存しました: {file}</source>
        <translation>Invitation saved: {file}</translation>
    </message>
    <message>
        <source>メールソフトで開く</source>
        <translation>Open the mail program</translation>
    </message>
    <message>
        <source>取り消しを送る  Ctrl+Shift+M</source>
        <translation>Send cancellation  Ctrl+Shift+M</translation>
    </message>
    <message>
        <source>招待を送る  Ctrl+Shift+M</source>
        <translation>Send invitation  Ctrl+Shift+M</translation>
    </message>
    <message>
        <source>この端末にはメールソフトがありません。招待を .ics で保存してください。</source>
        <translation>There is no mail program on this machine. Save the invitation as .ics.</translation>
    </message>
    <message>
        <source>招待を送信待ちに入れました: {to}</source>
        <translation>The invitation is in the outbox: {to}</translation>
    </message>
</context>
<context>
    <name>ItemPanel</name>
    <message>
        <source>計画の期限に戻す</source>
        <translation>Back to the plan</translation>
    </message>
    <message>
        <source>答えを消す</source>
        <translation>Clear the answer</translation>
    </message>
    <message>
        <source>答えを消す(Delete)</source>
        <translation>Clear the answer (Delete)</translation>
    </message>
    <message>
        <source>根拠の記録</source>
        <translation>Records behind it</translation>
    </message>
    <message>
        <source>項目を選ぶと、根拠と担当が表示されます</source>
        <translation>Choose an item to see what it stands on and whose it is</translation>
    </message>
    <message>
        <source>データから</source>
        <translation>From the data</translation>
    </message>
    <message>
        <source>一覧にできる記録はありません。</source>
        <translation>There are no records to list.</translation>
    </message>
    <message>
        <source>項目の担当</source>
        <translation>Owner of the item</translation>
    </message>
    <message>
        <source>項目の期限</source>
        <translation>Due date of the item</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Owner</translation>
    </message>
    <message>
        <source>期限</source>
        <translation>Due</translation>
    </message>
    <message>
        <source>プログラムからは判定できません。</source>
        <translation>The program cannot tell.</translation>
    </message>
    <message>
        <source>{who} が {day} に記入: {answer}</source>
        <translation>{who} noted on {day}: {answer}</translation>
    </message>
    <message>
        <source>{department}(人は未定)</source>
        <translation>{department} (nobody yet)</translation>
    </message>
    <message>
        <source>済みにする</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>当てはまる</source>
        <translation>Applies</translation>
    </message>
    <message>
        <source>はい</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>当てはまらない</source>
        <translation>Does not apply</translation>
    </message>
    <message>
        <source>いいえ</source>
        <translation>No</translation>
    </message>
</context>
<context>
    <name>LeadBox</name>
    <message>
        <source>プレビューに使うリード</source>
        <translation>Lead of the preview</translation>
    </message>
    <message>
        <source>リードを探す</source>
        <translation>Find a lead</translation>
    </message>
</context>
<context>
    <name>LeadHeader</name>
    <message>
        <source>通話終了 — 結果を選択</source>
        <translation>Call over — choose the outcome</translation>
    </message>
    <message>
        <source>コピー</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>LinkedIn</source>
        <translation>LinkedIn</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>切る</source>
        <translation>Hang up</translation>
    </message>
    <message>
        <source>電話番号をコピーします (Ctrl+Shift+C)。60秒後にクリップボードから消えます。</source>
        <translation>Copies the number (Ctrl+Shift+C). It leaves the clipboard after 60 seconds.</translation>
    </message>
    <message>
        <source>電話番号をコピー</source>
        <translation>Copy the number</translation>
    </message>
    <message>
        <source>氏名なし</source>
        <translation>No name</translation>
    </message>
    <message>
        <source>メールアドレスをコピーします</source>
        <translation>Copies the mail address</translation>
    </message>
    <message>
        <source>プロフィールをブラウザーで開きます</source>
        <translation>Opens the profile in the browser</translation>
    </message>
    <message>
        <source>{kind}に架電します (F5)</source>
        <translation>Dials: {kind} (F5)</translation>
    </message>
    <message>
        <source>{kind}に架電します</source>
        <translation>Dials: {kind}</translation>
    </message>
    <message>
        <source>架電禁止 — このリードには電話をかけないでください。</source>
        <translation>Do not call — please do not phone this lead.</translation>
    </message>
    <message>
        <source>差し戻し: {reason}</source>
        <translation>Returned: {reason}</translation>
    </message>
    <message>
        <source> ・ </source>
        <translation> · </translation>
    </message>
    <message>
        <source>いまは架電の時間外です。架電は {when} から。準備やメモ、引き継ぎはいつでもできます。</source>
        <translation>Outside calling hours: calls from {when}. You can prepare, take notes and hand over at any time.</translation>
    </message>
    <message>
        <source>今は架電できません: {why}</source>
        <translation>Cannot be called now: {why}</translation>
    </message>
    <message>
        <source>({when} まで)</source>
        <translation>(until {when})</translation>
    </message>
    <message>
        <source>電話と切断 ・ 通話中 {time}</source>
        <translation>Telephone lost · on a call {time}</translation>
    </message>
    <message>
        <source>発信中 {time}</source>
        <translation>Dialling {time}</translation>
    </message>
    <message>
        <source>呼出中 {time}</source>
        <translation>Ringing {time}</translation>
    </message>
    <message>
        <source>着信中 {time}</source>
        <translation>Incoming {time}</translation>
    </message>
    <message>
        <source>受電中 {time}</source>
        <translation>They called {time}</translation>
    </message>
    <message>
        <source>通話中 {time}</source>
        <translation>On a call {time}</translation>
    </message>
    <message>
        <source>CRMを確認中</source>
        <translation>Asking the CRM</translation>
    </message>
    <message>
        <source>応答なし {time} — 結果を選択</source>
        <translation>No answer {time} — choose the outcome</translation>
    </message>
    <message>
        <source>話中 — 結果を選択</source>
        <translation>Busy — choose the outcome</translation>
    </message>
    <message>
        <source>つながりません — 結果を選択</source>
        <translation>Not connected — choose the outcome</translation>
    </message>
    <message>
        <source>発信取消 — 結果を選択</source>
        <translation>Cancelled — choose the outcome</translation>
    </message>
    <message>
        <source>通話終了 {time} — 結果を選択</source>
        <translation>Call over {time} — choose the outcome</translation>
    </message>
</context>
<context>
    <name>LeadSequenceDialog</name>
    <message>
        <source>シーケンス</source>
        <translation>Sequences</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>閉じる(Esc)</source>
        <translation>Close (Esc)</translation>
    </message>
</context>
<context>
    <name>LeadsPage</name>
    <message>
        <source>リード</source>
        <translation>Leads</translation>
    </message>
    <message>
        <source>リードはまだありません</source>
        <translation>No leads yet</translation>
    </message>
    <message>
        <source>取り込み</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>CSV・Excelから取り込む(Ctrl+I)</source>
        <translation>Import from CSV or Excel (Ctrl+I)</translation>
    </message>
    <message>
        <source>書き出す</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>表のリードをCSV・Excelに書き出す(E)</source>
        <translation>Export the leads of the table to CSV or Excel (E)</translation>
    </message>
    <message>
        <source>リードを追加</source>
        <translation>Add a lead</translation>
    </message>
    <message>
        <source>リードを追加(N)</source>
        <translation>Add a lead (N)</translation>
    </message>
    <message>
        <source>ファイルから取り込む</source>
        <translation>Import from a file</translation>
    </message>
    <message>
        <source>絞り込みを外す</source>
        <translation>Clear the filter</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n} leads</translation>
    </message>
    <message>
        <source>近い順に{n}件まで</source>
        <translation>the {n} closest</translation>
    </message>
    <message>
        <source>当てはまるリードはありません</source>
        <translation>No lead matches</translation>
    </message>
    <message>
        <source>絞り込みを外すと、ほかのリードが出ます。</source>
        <translation>Clear the filter to see the others.</translation>
    </message>
    <message>
        <source>担当のリードはまだありません</source>
        <translation>You have no leads yet</translation>
    </message>
    <message>
        <source>CSV・Excelをここに落とすか、1件ずつ追加できます。チームのリードは「チーム」で見られます。</source>
        <translation>Drop a CSV or Excel file here, or add them one by one. “Team” shows the team&apos;s leads.</translation>
    </message>
    <message>
        <source>CSV・Excelをここに落とすか、1件ずつ追加できます。</source>
        <translation>Drop a CSV or Excel file here, or add them one by one.</translation>
    </message>
    <message>
        <source>変更しています</source>
        <translation>Changing</translation>
    </message>
    <message>
        <source>{n}件を変更しました(取り消し Ctrl+Z)</source>
        <translation>{n} leads changed (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>変わるものはありませんでした</source>
        <translation>Nothing had to change</translation>
    </message>
    <message>
        <source>リードを追加しました(取り消し Ctrl+Z)</source>
        <translation>Lead added (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>{n}件のリードを書き出す</source>
        <translation>Export {n} leads</translation>
    </message>
    <message>
        <source>Excel (*.xlsx);;CSV (*.csv);;JSON (*.json)</source>
        <translation>Excel (*.xlsx);;CSV (*.csv);;JSON (*.json)</translation>
    </message>
    <message>
        <source>書き出しています</source>
        <translation>Exporting</translation>
    </message>
    <message>
        <source>{n}件を {file} に書き出しました。</source>
        <translation>{n} leads exported to {file}.</translation>
    </message>
    <message>
        <source>ほかの担当の{n}件は、書き出す権限がないため入っていません。</source>
        <translation>{n} leads of other reps are not in it: you may not export them.</translation>
    </message>
    <message>
        <source>{n}件を {file} に書き出しました</source>
        <translation>{n} leads exported to {file}</translation>
    </message>
    <message>
        <source>書き出しを中止しました。ファイルは作られていません。</source>
        <translation>The export was stopped. No file was made.</translation>
    </message>
</context>
<context>
    <name>LearningCard</name>
    <message>
        <source>理由の内訳</source>
        <translation>Reasons</translation>
    </message>
    <message>
        <source>失注からの復帰</source>
        <translation>Returns</translation>
    </message>
    <message>
        <source>まとめ方</source>
        <translation>Group by</translation>
    </message>
    <message>
        <source>学習ループ</source>
        <translation>Learning loop</translation>
    </message>
    <message>
        <source>件数</source>
        <translation>Cases</translation>
    </message>
    <message>
        <source>失注: {reason}</source>
        <translation>Lost: {reason}</translation>
    </message>
    <message>
        <source>この期間に理由のある記録はまだありません</source>
        <translation>No reason was given in this period</translation>
    </message>
    <message>
        <source>{n}件の理由。切り返しが2つある通話は、両方の行に入ります。</source>
        <translation>{n} reasons. A call with two objections stands in both rows.</translation>
    </message>
    <message>
        <source>この期間に失注やお断りの記録はまだありません</source>
        <translation>Nothing was lost in this period</translation>
    </message>
    <message>
        <source>{days} に失注・お断りとなったリード。復帰率 = アポに戻った ÷ 再接触した(Enterで明細)</source>
        <translation>Leads lost {days}. Return rate = back at a meeting ÷ contacted again (Enter opens them)</translation>
    </message>
    <message>
        <source>全体</source>
        <translation>All</translation>
    </message>
</context>
<context>
    <name>ListColumn</name>
    <message>
        <source>引き継ぎ</source>
        <translation>Handoff</translation>
    </message>
</context>
<context>
    <name>MailForm</name>
    <message>
        <source>メールテンプレート</source>
        <translation>Mail template</translation>
    </message>
    <message>
        <source>名前</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>名前(英語)</source>
        <translation>Name (English)</translation>
    </message>
    <message>
        <source>件名(具体的に、{n}字まで)</source>
        <translation>Subject (concrete, {n} characters at most)</translation>
    </message>
    <message>
        <source>件名</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>宣伝のメール(同意を確かめ、法定の表示を付ける)</source>
        <translation>Advertising (consent is checked, what the law asks for is added)</translation>
    </message>
    <message>
        <source>英語の文面(なければ日本語)</source>
        <translation>English text (Japanese where there is none)</translation>
    </message>
    <message>
        <source>英語の件名</source>
        <translation>English subject</translation>
    </message>
    <message>
        <source>英語: {part}</source>
        <translation>English: {part}</translation>
    </message>
    <message>
        <source>差し込む値で件名が長くなったときは、送る前に知らせます。</source>
        <translation>Where a value makes the subject too long, you are told before it is sent.</translation>
    </message>
    <message>
        <source>送信者の表示が足りないので、このままでは送れません: {items}</source>
        <translation>It cannot be sent as it stands; the sender lacks: {items}</translation>
    </message>
</context>
<context>
    <name>Mailer</name>
    <message>
        <source>メールアカウントを保存しました。</source>
        <translation>The mail account is kept.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>「{name}」は、いまの状態かあなたの役割では使えません。</source>
        <translation>“{name}” cannot be used as things stand, or not in your role.</translation>
    </message>
</context>
<context>
    <name>MappingTable</name>
    <message>
        <source>ファイルの列</source>
        <translation>Column of the file</translation>
    </message>
    <message>
        <source>値の例</source>
        <translation>Examples</translation>
    </message>
    <message>
        <source>取り込み先</source>
        <translation>Goes to</translation>
    </message>
    <message>
        <source>確かさ</source>
        <translation>How sure</translation>
    </message>
    <message>
        <source>列の対応</source>
        <translation>Columns</translation>
    </message>
    <message>
        <source>(空)</source>
        <translation>(empty)</translation>
    </message>
    <message>
        <source>値の例を見て確かめてください</source>
        <translation>Check it against the examples</translation>
    </message>
</context>
<context>
    <name>MeetingPlan</name>
    <message>
        <source>引き継ぎから</source>
        <translation>from the handoff</translation>
    </message>
    <message>
        <source> ・ 以前の記録 {n}</source>
        <translation> · {n} earlier</translation>
    </message>
</context>
<context>
    <name>MeetingRow</name>
    <message>
        <source>FSの予定表はまだ読んでいません。この端末が知る商談との重なりだけを確かめます。</source>
        <translation>No calendar of FS was read yet; only meetings known here are checked.</translation>
    </message>
    <message>
        <source>予定表({when} 時点)に、この先の空きがありません。</source>
        <translation>The calendar (as of {when}) has no free time ahead.</translation>
    </message>
    <message>
        <source>FSの空き {minutes}分 ・ 予定表は {when} 時点</source>
        <translation>Free for {minutes} minutes · calendar as of {when}</translation>
    </message>
    <message>
        <source>{name}さんのほかの予定と重なります。</source>
        <translation>{name} has something else then. </translation>
    </message>
    <message>
        <source>もう一度 Enter で、重なったまま記録します。</source>
        <translation>Enter once more records it all the same.</translation>
    </message>
</context>
<context>
    <name>MeetingWatch</name>
    <message>
        <source>設定を開く</source>
        <translation>Open the settings</translation>
    </message>
    <message>
        <source>商談のお知らせ {n}件</source>
        <translation>News of {n} meetings</translation>
    </message>
    <message>
        <source>開く</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>招待を作れなかった商談が {n}件あります。</source>
        <translation>The invitations of {n} meetings could not be made.</translation>
    </message>
    <message>
        <source>商談は記録済みで、ほかの招待は送られます。FSとリードの名前・メールアドレスを直してください。</source>
        <translation>The meetings are recorded, and other invitations leave. Mend the names and mail addresses of FS and the lead.</translation>
    </message>
    <message>
        <source>{when} は {who} さんの商談が先に入っていました: {lead}</source>
        <translation>{who} had booked {when} before: {lead}</translation>
    </message>
    <message>
        <source>{lead} に {who} さんもあとから商談を入れました。{other} が残り、{when} は取り消しです</source>
        <translation>{who} also set a meeting with {lead} later: {other} stands, {when} is called off</translation>
    </message>
    <message>
        <source>{when} は FS の予定表で埋まっていました: {lead}</source>
        <translation>{when} is taken in the calendar of FS: {lead}</translation>
    </message>
    <message>
        <source>FSが予定表で商談を動かしています({other}): {lead}</source>
        <translation>FS moved the meeting in the calendar ({other}): {lead}</translation>
    </message>
    <message>
        <source>FSの予定表で商談が消されています: {lead} {when}</source>
        <translation>The meeting was taken off the calendar of FS: {lead} {when}</translation>
    </message>
    <message>
        <source>CRMの商談日時が {other} に変わっています(ここでは {when}): {lead}</source>
        <translation>The CRM says {other} for the meeting (here {when}): {lead}</translation>
    </message>
    <message>
        <source>CRMの商談日時が消えています(ここでは {when}): {lead}</source>
        <translation>The CRM has no time for the meeting any more (here {when}): {lead}</translation>
    </message>
    <message>
        <source>{who} さんが商談を入れました: {lead} {when}</source>
        <translation>{who} booked a meeting: {lead} {when}</translation>
    </message>
    <message>
        <source>{who} さんが商談を変えました: {lead} {when}</source>
        <translation>{who} changed a meeting: {lead} {when}</translation>
    </message>
    <message>
        <source>{who} さんが商談を取り消しました: {lead} {when}</source>
        <translation>{who} called a meeting off: {lead} {when}</translation>
    </message>
    <message>
        <source>FSに確かめ、「アポ日程変更」か「アポ取消」で記録してください。</source>
        <translation>Make sure with FS, then record “Meeting moved” or “Meeting canceled”.</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>空いている時間: {times}。「アポ日程変更」で動かしてください。</source>
        <translation>Free: {times}. Move it with “Meeting moved”.</translation>
    </message>
    <message>
        <source>お客様と日程を決め直し、「アポ日程変更」で記録してください。</source>
        <translation>Agree on another time and record it with “Meeting moved”.</translation>
    </message>
    <message>
        <source>お客様に確かめ、違うときは「アポ日程変更」で記録してください。</source>
        <translation>Make sure with the customer, and record “Meeting moved” where it is otherwise.</translation>
    </message>
    <message>
        <source>正しい日時を「アポ日程変更」か「アポ取消」で記録すると、予定表と案内も直ります。</source>
        <translation>Record the right time with “Meeting moved” or “Meeting canceled”: calendar and invitation follow.</translation>
    </message>
</context>
<context>
    <name>Memo</name>
    <message>
        <source>架電メモ (M)</source>
        <translation>Call note (M)</translation>
    </message>
    <message>
        <source>架電メモ</source>
        <translation>Call note</translation>
    </message>
    <message>
        <source>M で書き始め、Esc で戻ります。入力と同時に保存されます。</source>
        <translation>M to write, Esc to go back. Saved as you type.</translation>
    </message>
    <message>
        <source>保存済み {time}</source>
        <translation>Saved {time}</translation>
    </message>
    <message>
        <source>保存中…</source>
        <translation>Saving…</translation>
    </message>
    <message>
        <source>未保存</source>
        <translation>Not saved</translation>
    </message>
</context>
<context>
    <name>MemoPart</name>
    <message>
        <source>FS担当</source>
        <translation>FS owner</translation>
    </message>
    <message>
        <source>引き継ぎメモ</source>
        <translation>Handoff memo</translation>
    </message>
    <message>
        <source>コピー</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>印刷</source>
        <translation>Print</translation>
    </message>
    <message>
        <source>引き継ぎメモ(FSに届く内容)</source>
        <translation>Handoff memo (as FS gets it)</translation>
    </message>
</context>
<context>
    <name>MergePanel</name>
    <message>
        <source>名寄せ</source>
        <translation>Duplicates</translation>
    </message>
    <message>
        <source>同じ人</source>
        <translation>Same person</translation>
    </message>
    <message>
        <source>残すほう</source>
        <translation>Keep</translation>
    </message>
    <message>
        <source>統合</source>
        <translation>Merge</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>このリード</source>
        <translation>This lead</translation>
    </message>
    <message>
        <source>相手のリード</source>
        <translation>The other lead</translation>
    </message>
    <message>
        <source>対応履歴 {n} 件が移ります。</source>
        <translation>{n} records of contacts move.</translation>
    </message>
    <message>
        <source>補う項目: {0}。</source>
        <translation>Filled in: {0}.</translation>
    </message>
    <message>
        <source>残すほうの値を使う項目: {0}。</source>
        <translation>Kept from the remaining lead: {0}.</translation>
    </message>
    <message>
        <source>架電禁止も引き継ぎます。</source>
        <translation>Do-not-call is carried over.</translation>
    </message>
</context>
<context>
    <name>Merger</name>
    <message>
        <source>同じ人と思われるリードはありません。</source>
        <translation>No lead looks like the same person.</translation>
    </message>
    <message>
        <source>統合しました(取り消し Ctrl+Z)</source>
        <translation>Merged (undo with Ctrl+Z)</translation>
    </message>
</context>
<context>
    <name>MinutesPanel</name>
    <message>
        <source>追加</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>決定を追加(D)</source>
        <translation>Add a decision (D)</translation>
    </message>
    <message>
        <source>定義を変更</source>
        <translation>Change definition</translation>
    </message>
    <message>
        <source>決定した定義を変更(E)</source>
        <translation>Change the definition decided on (E)</translation>
    </message>
    <message>
        <source>決定</source>
        <translation>Decisions</translation>
    </message>
    <message>
        <source>決定はまだありません</source>
        <translation>No decision yet</translation>
    </message>
    <message>
        <source>宿題を追加(A)</source>
        <translation>Add an action item (A)</translation>
    </message>
    <message>
        <source>完了</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>宿題を完了・未完了にする(X)</source>
        <translation>Call the action item done, or not done (X)</translation>
    </message>
    <message>
        <source>宿題</source>
        <translation>Action items</translation>
    </message>
    <message>
        <source>宿題はありません</source>
        <translation>No action items</translation>
    </message>
    <message>
        <source>未完了に戻す</source>
        <translation>Not done</translation>
    </message>
    <message>
        <source>記録の確定を解きました</source>
        <translation>The minutes are open again</translation>
    </message>
    <message>
        <source>決定を記録しました(取り消し Ctrl+Z)</source>
        <translation>Decision noted (undo Ctrl+Z)</translation>
    </message>
    <message>
        <source>宿題を記録しました(取り消し Ctrl+Z)</source>
        <translation>Action item noted (undo Ctrl+Z)</translation>
    </message>
    <message>
        <source>記録を確定しました</source>
        <translation>Minutes fixed</translation>
    </message>
    <message>
        <source>宿題を完了にしました(取り消し Ctrl+Z)</source>
        <translation>Action item done (undo Ctrl+Z)</translation>
    </message>
    <message>
        <source>宿題を未完了に戻しました</source>
        <translation>Action item open again</translation>
    </message>
    <message>
        <source>記録から消しました(取り消し Ctrl+Z)</source>
        <translation>Struck out (undo Ctrl+Z)</translation>
    </message>
</context>
<context>
    <name>Nav</name>
    <message>
        <source>ページ</source>
        <translation>Pages</translation>
    </message>
</context>
<context>
    <name>NavButton</name>
    <message>
        <source>{page}、{n}件</source>
        <translation>{page}, {n}</translation>
    </message>
</context>
<context>
    <name>NewLead</name>
    <message>
        <source>新しいリード</source>
        <translation>New lead</translation>
    </message>
    <message>
        <source>氏名か会社のどちらかが必要です。担当はあなたになります。</source>
        <translation>A name or a company is needed. You become the owner.</translation>
    </message>
    <message>
        <source>選ばない</source>
        <translation>None</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>追加</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>すでに登録されています: {who} — 開く</source>
        <translation>Already here: {who} — open</translation>
    </message>
    <message>
        <source>氏名か会社名を入力してください</source>
        <translation>Enter a name or a company</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>次のお知らせを見る</source>
        <translation>See the next notice</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>ほか{n}件  {key}</source>
        <translation>{n} more  {key}</translation>
    </message>
    <message>
        <source>詳細</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>コピー</source>
        <translation>Copy</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>お知らせ: {what}</source>
        <translation>Reminders: {what}</translation>
    </message>
    <message>
        <source>・</source>
        <translation>, </translation>
    </message>
    <message>
        <source>Ctrl+Shift+Sで後でもう一度知らせます。</source>
        <translation>Ctrl+Shift+S reminds you again later.</translation>
    </message>
    <message>
        <source>開く</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>後で知らせるお知らせはありません</source>
        <translation>There is no reminder to put off</translation>
    </message>
    <message>
        <source>{n}分後にもう一度知らせます</source>
        <translation>You will be reminded again in {n} minutes</translation>
    </message>
</context>
<context>
    <name>ObjectionForm</name>
    <message>
        <source>切り返し</source>
        <translation>Objections</translation>
    </message>
    <message>
        <source>共通の切り返しです。変えると、このスクリプトだけの切り返しになります。</source>
        <translation>Shared by all scripts. A change makes it this script’s own.</translation>
    </message>
    <message>
        <source>相手の言葉</source>
        <translation>What they say</translation>
    </message>
    <message>
        <source>相手の言葉(英語)</source>
        <translation>What they say (English)</translation>
    </message>
    <message>
        <source>切り返しトーク</source>
        <translation>Rebuttal</translation>
    </message>
    <message>
        <source>英語の文面(なければ日本語)</source>
        <translation>English text (Japanese where there is none)</translation>
    </message>
    <message>
        <source>英語の文面</source>
        <translation>English text</translation>
    </message>
</context>
<context>
    <name>ObjectionRow</name>
    <message>
        <source>切り返し</source>
        <translation>Objections</translation>
    </message>
    <message>
        <source>ほか{n} ▾</source>
        <translation>{n} more ▾</translation>
    </message>
    <message>
        <source>すべての切り返しを見る</source>
        <translation>See all objections</translation>
    </message>
    <message>
        <source>切り返しトークを開きます (Alt+{n})</source>
        <translation>Opens the rebuttal (Alt+{n})</translation>
    </message>
</context>
<context>
    <name>OnCall</name>
    <message>
        <source>受電中です。F9 で開くか、終わってからかけてください。</source>
        <translation>A call that came in is on. Open it with F9, or dial when it is over.</translation>
    </message>
    <message>
        <source>通話中のリードが削除されたため、架電結果を記録できません。</source>
        <translation>The lead of this call was deleted: its outcome cannot be recorded.</translation>
    </message>
    <message>
        <source>通話が終わったら、記録せずに次へ進めます。</source>
        <translation>When the call is over you can go on without a record.</translation>
    </message>
    <message>
        <source>記録せずに次へ</source>
        <translation>Go on without a record</translation>
    </message>
    <message>
        <source>ほかの人がこの電話を受けました。</source>
        <translation>Somebody else took this call.</translation>
    </message>
</context>
<context>
    <name>OptionsCard</name>
    <message>
        <source>すべての行に</source>
        <translation>For all rows</translation>
    </message>
    <message>
        <source>例: 名刺、展示会X</source>
        <translation>e.g. business card, fair X</translation>
    </message>
    <message>
        <source>例: 11月展示会</source>
        <translation>e.g. November exhibition</translation>
    </message>
    <message>
        <source>例: 名刺アプリ</source>
        <translation>e.g. business-card app</translation>
    </message>
    <message>
        <source>登録済みの値も上書きする</source>
        <translation>Overwrite values already here</translation>
    </message>
    <message>
        <source>外すと、空いている項目だけを埋めます。架電禁止と配信停止は消えません。</source>
        <translation>Off: only empty fields are filled. Do-not-call and opt-outs always stay.</translation>
    </message>
    <message>
        <source>流入経路(行にないとき)</source>
        <translation>Lead source (if the row has none)</translation>
    </message>
    <message>
        <source>架電リスト(行にないとき)</source>
        <translation>Target list (if the row has none)</translation>
    </message>
    <message>
        <source>担当(新規のリード)</source>
        <translation>Owner (of new leads)</translation>
    </message>
    <message>
        <source>取り込み元の名前(対応を覚えます)</source>
        <translation>Source name (remembers columns)</translation>
    </message>
    <message>
        <source>メールの同意の根拠</source>
        <translation>Basis of mail</translation>
    </message>
    <message>
        <source>同意をどこで得たか</source>
        <translation>Where consent was heard</translation>
    </message>
    <message>
        <source>同意の記録がまだないアドレスに、1件ずつ台帳へ記録します。配信停止は消えません。</source>
        <translation>Noted in the ledger of each address that has none yet. No opt-out is lifted.</translation>
    </message>
    <message>
        <source>架電禁止・配信停止の相手は、取り込んでも停止のままです。</source>
        <translation>Whoever is barred from calls or mail stays barred.</translation>
    </message>
    <message>
        <source>選ばない</source>
        <translation>None</translation>
    </message>
    <message>
        <source>記録しない</source>
        <translation>Note nothing</translation>
    </message>
    <message>
        <source>{name}(自分)</source>
        <translation>{name} (me)</translation>
    </message>
</context>
<context>
    <name>OutboxDialog</name>
    <message>
        <source>メールの送信</source>
        <translation>Outgoing mail</translation>
    </message>
    <message>
        <source>今すぐ送る</source>
        <translation>Send now</translation>
    </message>
    <message>
        <source>今すぐ送る(S)</source>
        <translation>Send now (S)</translation>
    </message>
    <message>
        <source>送らない</source>
        <translation>Do not send</translation>
    </message>
    <message>
        <source>選んだメールを送らない(Delete)</source>
        <translation>Do not send the chosen mail (Delete)</translation>
    </message>
    <message>
        <source>届いた</source>
        <translation>Delivered</translation>
    </message>
    <message>
        <source>届いたと記録する(Y)</source>
        <translation>Note that it was delivered (Y)</translation>
    </message>
    <message>
        <source>届いていない</source>
        <translation>Not delivered</translation>
    </message>
    <message>
        <source>届いていないと記録する(N)</source>
        <translation>Note that it was not delivered (N)</translation>
    </message>
    <message>
        <source>もう一度送る</source>
        <translation>Send again</translation>
    </message>
    <message>
        <source>失敗・中止のメールをもう一度送る(R)</source>
        <translation>Send a failed or stopped mail again (R)</translation>
    </message>
    <message>
        <source>もう一度試す</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>断られたアカウントをもう一度試す(T)</source>
        <translation>Try the refused account again (T)</translation>
    </message>
    <message>
        <source>アカウント</source>
        <translation>Account</translation>
    </message>
    <message>
        <source>メールアカウントを設定する(A)</source>
        <translation>Set up the mail account (A)</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>宛先</source>
        <translation>To</translation>
    </message>
    <message>
        <source>件名</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Why</translation>
    </message>
    <message>
        <source>送信待ち {n}通・不明 {m}通</source>
        <translation>{n} waiting, {m} in doubt</translation>
    </message>
    <message>
        <source>・送るか確認 {n}通</source>
        <translation> · for you to decide {n}</translation>
    </message>
    <message>
        <source>このまま送る</source>
        <translation>Send as it is</translation>
    </message>
    <message>
        <source>まだメールはありません。架電ページの E で書けます。</source>
        <translation>No mail yet. Press E on the call page to write one.</translation>
    </message>
</context>
<context>
    <name>OutboxPanel</name>
    <message>
        <source>要対応</source>
        <translation>Needs attention</translation>
    </message>
    <message>
        <source>送信待ち</source>
        <translation>Waiting to be sent</translation>
    </message>
    <message>
        <source>対応が必要なものはありません</source>
        <translation>Nothing needs attention</translation>
    </message>
    <message>
        <source>送れなかった記録は、理由と一緒にここに残ります。</source>
        <translation>What could not be sent stays here, with the reason.</translation>
    </message>
    <message>
        <source>送信待ちはありません</source>
        <translation>Nothing waits to be sent</translation>
    </message>
    <message>
        <source>記録はすべて届いています。オフラインの間はここにたまります。</source>
        <translation>Everything has arrived. While offline, records wait here.</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>What</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Lead</translation>
    </message>
    <message>
        <source>書き込むもの</source>
        <translation>What will be written</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>記録</source>
        <translation>Recorded</translation>
    </message>
    <message>
        <source>試行</source>
        <translation>Tries</translation>
    </message>
    <message>
        <source>送り直す</source>
        <translation>Send again</translation>
    </message>
    <message>
        <source>最初の試行から送り直す(R)</source>
        <translation>Send again from the first try (R)</translation>
    </message>
    <message>
        <source>送らない</source>
        <translation>Do not send</translation>
    </message>
    <message>
        <source>送信をやめる(Delete)。記録そのものは残ります。</source>
        <translation>Do not send it (Delete). The record itself stays.</translation>
    </message>
    <message>
        <source>CRMの返事</source>
        <translation>What the CRM said</translation>
    </message>
    <message>
        <source>破棄…</source>
        <translation>Discard…</translation>
    </message>
    <message>
        <source>リードを開く</source>
        <translation>Open the lead</translation>
    </message>
    <message>
        <source>値を直す…</source>
        <translation>Correct…</translation>
    </message>
    <message>
        <source>CRMが受け付ける値に直して送り直す(E)</source>
        <translation>Correct it to what the CRM accepts and send again (E)</translation>
    </message>
    <message>
        <source>付け替え…</source>
        <translation>Move…</translation>
    </message>
    <message>
        <source>別のリードの記録として送る(T)</source>
        <translation>Send it as a record of another lead (T)</translation>
    </message>
    <message>
        <source>メモだけ残す</source>
        <translation>Note only</translation>
    </message>
    <message>
        <source>本文だけをメモとして送る(N)</source>
        <translation>Send its words as a plain note (N)</translation>
    </message>
    <message>
        <source>CRMにあった</source>
        <translation>It is in the CRM</translation>
    </message>
    <message>
        <source>CRMを見て確かめた(W)</source>
        <translation>Somebody looked in the CRM (W)</translation>
    </message>
    <message>
        <source>まだ接続していません</source>
        <translation>Not connected yet</translation>
    </message>
    <message>
        <source>記録はこの端末に保存されています。接続すると、ここから送られます。</source>
        <translation>Records are kept on this computer and are sent from here once you connect.</translation>
    </message>
    <message>
        <source>CRMを開いて確かめ、あれば「CRMにあった」を、なければ「送り直す」を選んでください。</source>
        <translation>Look in the CRM: if it is there choose “It is in the CRM”, if not “Send again”.</translation>
    </message>
    <message>
        <source>CRMの決まりに合う値に直すか、この文を管理者に伝えてください。ほかの記録の送信は続いています。</source>
        <translation>Correct the value to what the CRM’s rules allow, or pass this sentence to your administrator. Other records are still being sent.</translation>
    </message>
</context>
<context>
    <name>OutcomeBar</name>
    <message>
        <source>架電結果</source>
        <translation>Call outcomes</translation>
    </message>
    <message>
        <source>すべての結果</source>
        <translation>All outcomes</translation>
    </message>
    <message>
        <source>取り消し</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>応答者を切り替えます (A)</source>
        <translation>Changes who answered (A)</translation>
    </message>
    <message>
        <source>名前で結果を選びます (/ または Tab)</source>
        <translation>Choose an outcome by name (/ or Tab)</translation>
    </message>
    <message>
        <source>ほかの結果 {n}件</source>
        <translation>{n} more outcomes</translation>
    </message>
    <message>
        <source>提案: {outcome} {then}</source>
        <translation>Proposed: {outcome} {then}</translation>
    </message>
    <message>
        <source>自動</source>
        <translation>auto</translation>
    </message>
    <message>
        <source>応答者: {who}</source>
        <translation>Answered by: {who}</translation>
    </message>
</context>
<context>
    <name>OutcomeList</name>
    <message>
        <source>架電結果を名前で探す</source>
        <translation>Find an outcome by name</translation>
    </message>
    <message>
        <source>すべての結果</source>
        <translation>All outcomes</translation>
    </message>
    <message>
        <source>あてはまる結果はありません</source>
        <translation>No outcome matches</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>Outlet</name>
    <message>
        <source>指標 {span}</source>
        <translation>Figures {span}</translation>
    </message>
    <message>
        <source>Excel (*.xlsx);;CSV (*.csv);;画像 (*.png)</source>
        <translation>Excel (*.xlsx);;CSV (*.csv);;Picture (*.png)</translation>
    </message>
    <message>
        <source>指標</source>
        <translation>Figures</translation>
    </message>
    <message>
        <source>指標を書き出す</source>
        <translation>Export the figures</translation>
    </message>
    <message>
        <source>書き出しました: {file}</source>
        <translation>Exported: {file}</translation>
    </message>
    <message>
        <source>HTML (*.html)</source>
        <translation>HTML (*.html)</translation>
    </message>
    <message>
        <source>資料を保存</source>
        <translation>Save the document</translation>
    </message>
    <message>
        <source>ファイルを書き込めませんでした。</source>
        <translation>The file could not be written.</translation>
    </message>
    <message>
        <source>保存先を変えて、もう一度お試しください。</source>
        <translation>Choose another place and try again.</translation>
    </message>
    <message>
        <source>保存しました: {file}</source>
        <translation>Saved: {file}</translation>
    </message>
    <message>
        <source>指標をPDFで保存</source>
        <translation>Save the figures as PDF</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>指標の報告</source>
        <translation>Report of the figures</translation>
    </message>
</context>
<context>
    <name>Outline</name>
    <message>
        <source>スクリプトの流れ</source>
        <translation>The way of the script</translation>
    </message>
    <message>
        <source>送信者の表示</source>
        <translation>Sender</translation>
    </message>
    <message>
        <source>件名と文面</source>
        <translation>Subject and text</translation>
    </message>
    <message>
        <source>法定の4項目</source>
        <translation>Four items by law</translation>
    </message>
    <message>
        <source>条件 {n}</source>
        <translation>{n} conditions</translation>
    </message>
    <message>
        <source>すべてのリード</source>
        <translation>All leads</translation>
    </message>
    <message>
        <source>ここへ進む道がありません</source>
        <translation>Nothing leads here</translation>
    </message>
    <message>
        <source>質問 {n}</source>
        <translation>{n} questions</translation>
    </message>
    <message>
        <source>進むことがありません</source>
        <translation>Never taken</translation>
    </message>
    <message>
        <source>切り返し</source>
        <translation>Objections</translation>
    </message>
    <message>
        <source>問題 {n}</source>
        <translation>Problems {n}</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>リード・会社・電話番号・メール、または操作の名前</source>
        <translation>Lead, company, phone number, mail, or the name of an action</translation>
    </message>
    <message>
        <source>検索とコマンド</source>
        <translation>Search and commands</translation>
    </message>
    <message>
        <source>候補</source>
        <translation>Matches</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Leads</translation>
    </message>
    <message>
        <source>見つかりませんでした</source>
        <translation>Nothing found</translation>
    </message>
    <message>
        <source>検索しています</source>
        <translation>Searching</translation>
    </message>
    <message>
        <source>ページ</source>
        <translation>Pages</translation>
    </message>
    <message>
        <source>操作</source>
        <translation>Actions</translation>
    </message>
</context>
<context>
    <name>PartList</name>
    <message>
        <source>トークスクリプトとメール</source>
        <translation>Scripts and mails</translation>
    </message>
    <message>
        <source>✉ {name}</source>
        <translation>✉ {name}</translation>
    </message>
    <message>
        <source>✉ 送信者の表示(法定)</source>
        <translation>✉ Sender (by law)</translation>
    </message>
</context>
<context>
    <name>Past</name>
    <message>
        <source>これまでの取り込み</source>
        <translation>Past imports</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>ファイル</source>
        <translation>File</translation>
    </message>
    <message>
        <source>取り込んだ人</source>
        <translation>Imported by</translation>
    </message>
    <message>
        <source>行</source>
        <translation>Row</translation>
    </message>
    <message>
        <source>新規</source>
        <translation>New</translation>
    </message>
    <message>
        <source>更新</source>
        <translation>Updated</translation>
    </message>
    <message>
        <source>読めない値</source>
        <translation>Unreadable values</translation>
    </message>
</context>
<context>
    <name>PastFoot</name>
    <message>
        <source>さらに表示</source>
        <translation>Show more</translation>
    </message>
    <message>
        <source>これより前に終了したものを表示(M)</source>
        <translation>Show what ended before these (M)</translation>
    </message>
    <message>
        <source>新しい順に{n}件を表示(ほかに{m}件)</source>
        <translation>The newest {n} are shown ({m} more)</translation>
    </message>
</context>
<context>
    <name>PauseBar</name>
    <message>
        <source>もう一度試す</source>
        <translation>Try again</translation>
    </message>
</context>
<context>
    <name>PlanTables</name>
    <message>
        <source>行のプレビュー</source>
        <translation>Preview</translation>
    </message>
    <message>
        <source>取り込む行はありません</source>
        <translation>No rows to import</translation>
    </message>
    <message>
        <source>読めない値</source>
        <translation>Unreadable values</translation>
    </message>
    <message>
        <source>読めない値はありません</source>
        <translation>No unreadable values</translation>
    </message>
    <message>
        <source>重複</source>
        <translation>Duplicates</translation>
    </message>
    <message>
        <source>重複はありません</source>
        <translation>No duplicates</translation>
    </message>
    <message>
        <source>似た登録</source>
        <translation>Look-alikes</translation>
    </message>
    <message>
        <source>似た登録はありません</source>
        <translation>No look-alikes</translation>
    </message>
    <message>
        <source>行のプレビュー(先頭{n}行)</source>
        <translation>Preview (first {n} rows)</translation>
    </message>
    <message>
        <source>行</source>
        <translation>Row</translation>
    </message>
    <message>
        <source>取り込み</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>列</source>
        <translation>Column</translation>
    </message>
    <message>
        <source>(行全体)</source>
        <translation>(whole row)</translation>
    </message>
    <message>
        <source>値</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>問題</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>氏名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>会社</source>
        <translation>Company</translation>
    </message>
    <message>
        <source>一致したもの</source>
        <translation>Matched by</translation>
    </message>
    <message>
        <source>相手</source>
        <translation>Same as</translation>
    </message>
    <message>
        <source>取り込むと</source>
        <translation>Would be</translation>
    </message>
    <message>
        <source>このファイルの{n}行目</source>
        <translation>Row {n} of this file</translation>
    </message>
    <message>
        <source>登録済みのリード</source>
        <translation>Leads already here</translation>
    </message>
    <message>
        <source>この行</source>
        <translation>This row</translation>
    </message>
    <message>
        <source>似ている相手</source>
        <translation>Looks like</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>近さ</source>
        <translation>Likeness</translation>
    </message>
</context>
<context>
    <name>PlotCard</name>
    <message>
        <source>この期間の記録はまだありません</source>
        <translation>No records in this period yet</translation>
    </message>
    <message>
        <source>分子</source>
        <translation>Numerator</translation>
    </message>
    <message>
        <source>分母</source>
        <translation>Denominator</translation>
    </message>
    <message>
        <source>率</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>95 %下限</source>
        <translation>95 % low</translation>
    </message>
    <message>
        <source>95 %上限</source>
        <translation>95 % high</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>かかってきた電話では</source>
        <translation>In a call that came in</translation>
    </message>
    <message>
        <source>プレビュー</source>
        <translation>Preview</translation>
    </message>
    <message>
        <source>← 前へ</source>
        <translation>← Back</translation>
    </message>
    <message>
        <source>プレビューを前へ(Alt+←)</source>
        <translation>Preview back (Alt+←)</translation>
    </message>
    <message>
        <source>最初から</source>
        <translation>From the start</translation>
    </message>
    <message>
        <source>次へ →</source>
        <translation>Next →</translation>
    </message>
    <message>
        <source>プレビューを次へ(Alt+→)</source>
        <translation>Preview on (Alt+→)</translation>
    </message>
    <message>
        <source>リードがまだありません。取り込むと、ここで実際のリードで確かめられます。</source>
        <translation>There are no leads yet. Once some are imported, scripts are tried on them here.</translation>
    </message>
    <message>
        <source>このリードでは件名が{n}字になります({most}字まで)。</source>
        <translation>With this lead the subject has {n} characters ({most} at most).</translation>
    </message>
    <message>
        <source>まだ読めるスクリプトになっていません。</source>
        <translation>This cannot be read as a script yet.</translation>
    </message>
    <message>
        <source>このリードには、ほかのスクリプトが使われます。文面だけを確かめています。</source>
        <translation>This lead would hear another script. Only the text is tried here.</translation>
    </message>
    <message>
        <source>分岐: {name} → {to}</source>
        <translation>Branch: {name} → {to}</translation>
    </message>
    <message>
        <source>引き継ぎチェック {n}/{of}</source>
        <translation>Handoff checklist {n}/{of}</translation>
    </message>
</context>
<context>
    <name>PriorityPart</name>
    <message>
        <source>点数の内訳を見る</source>
        <translation>Explain the score</translation>
    </message>
    <message>
        <source>適合 × 意欲 × 時期</source>
        <translation>Fit × intent × timing</translation>
    </message>
    <message>
        <source>優先度 {n}</source>
        <translation>Priority {n}</translation>
    </message>
    <message>
        <source>意欲</source>
        <translation>Intent</translation>
    </message>
    <message>
        <source>時期</source>
        <translation>Timing</translation>
    </message>
    <message>
        <source>ICP適合度</source>
        <translation>ICP fit</translation>
    </message>
    <message>
        <source>意欲スコア</source>
        <translation>Intent score</translation>
    </message>
    <message>
        <source>時期スコア</source>
        <translation>Timing score</translation>
    </message>
</context>
<context>
    <name>Program</name>
    <message>
        <source>この欄に取り消す入力はありません。記録の取り消しは、欄の外で Ctrl+Z。</source>
        <translation>Nothing typed here is left to undo. To undo a record, press Ctrl+Z outside of the field.</translation>
    </message>
</context>
<context>
    <name>Proposals</name>
    <message>
        <source>提案の一覧</source>
        <translation>List of proposals</translation>
    </message>
    <message>
        <source>区分</source>
        <translation>Part</translation>
    </message>
    <message>
        <source>キー</source>
        <translation>Key</translation>
    </message>
    <message>
        <source>いま</source>
        <translation>Now</translation>
    </message>
    <message>
        <source>変更後</source>
        <translation>After</translation>
    </message>
    <message>
        <source>発効日</source>
        <translation>Effective from</translation>
    </message>
    <message>
        <source>提案者</source>
        <translation>Proposed by</translation>
    </message>
    <message>
        <source>提案日</source>
        <translation>Proposed</translation>
    </message>
    <message>
        <source>署名</source>
        <translation>Signatures</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>取り下げ</source>
        <translation>Withdrawn</translation>
    </message>
    <message>
        <source>署名待ち</source>
        <translation>Awaiting signatures</translation>
    </message>
    <message>
        <source>発効待ち</source>
        <translation>Agreed, not yet due</translation>
    </message>
    <message>
        <source>合意済み</source>
        <translation>Agreed</translation>
    </message>
    <message>
        <source>「定義を変更」で文面を直し、提案すると、ここで3部門の署名を集められます。</source>
        <translation>Change the text with &quot;Change definitions&quot; and propose it; the three departments sign it here.</translation>
    </message>
    <message>
        <source>提案はまだありません</source>
        <translation>No proposals yet</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>{name}として署名</source>
        <translation>Sign for {name}</translation>
    </message>
    <message>
        <source>変わるところ</source>
        <translation>Changes</translation>
    </message>
    <message>
        <source>この文面から編集</source>
        <translation>Edit from this text</translation>
    </message>
    <message>
        <source>{day} から</source>
        <translation>From {day}</translation>
    </message>
    <message>
        <source>{who} が {when} に提案</source>
        <translation>Proposed by {who}, {when}</translation>
    </message>
    <message>
        <source>—  {name}: まだ</source>
        <translation>—  {name}: not yet</translation>
    </message>
    <message>
        <source>✓  {name}: {who} {when}</source>
        <translation>✓  {name}: {who} {when}</translation>
    </message>
    <message>
        <source>署名しました(取り消し Ctrl+Z)</source>
        <translation>Signed (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>提案を取り下げました</source>
        <translation>The proposal was withdrawn</translation>
    </message>
</context>
<context>
    <name>QuestionLine</name>
    <message>
        <source>検証質問</source>
        <translation>Verification questions</translation>
    </message>
    <message>
        <source>答えが入るリードの項目</source>
        <translation>Field that the answer goes into</translation>
    </message>
    <message>
        <source>選択肢</source>
        <translation>Choices</translation>
    </message>
    <message>
        <source>選択肢(、で区切る。なければ自由に入力)</source>
        <translation>Choices, parted by 、 (none: typed freely)</translation>
    </message>
    <message>
        <source>、で区切ります。、や , を含む選択肢は &quot;…&quot; で囲みます。</source>
        <translation>Parted by 、. A choice that holds 、 or a comma stands in &quot;…&quot;.</translation>
    </message>
    <message>
        <source>この質問を外す</source>
        <translation>Take this question out</translation>
    </message>
    <message>
        <source>この答えで分岐</source>
        <translation>Branch on this answer</translation>
    </message>
    <message>
        <source>答え →</source>
        <translation>Answer →</translation>
    </message>
    <message>
        <source>引き継ぎチェック: {items}</source>
        <translation>Handoff checklist: {items}</translation>
    </message>
    <message>
        <source>分岐: {name} → {to}</source>
        <translation>Branch: {name} → {to}</translation>
    </message>
    <message>
        <source>この答えは、分岐にも引き継ぎチェックにも使われません。</source>
        <translation>No branch and no checklist item uses this answer.</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>今日のキュー</source>
        <translation>Today&apos;s queue</translation>
    </message>
    <message>
        <source>ファイルから取り込む</source>
        <translation>Import from a file</translation>
    </message>
    <message>
        <source>保留を見る</source>
        <translation>Show what is on hold</translation>
    </message>
    <message>
        <source>ビュー</source>
        <translation>View</translation>
    </message>
    <message>
        <source>保存したビューをキューにする  Shift+F</source>
        <translation>Work a saved view as the queue  Shift+F</translation>
    </message>
    <message>
        <source>並び替えを今すぐ反映  R</source>
        <translation>Re-rank now  R</translation>
    </message>
    <message>
        <source>キューは最新の並びです。</source>
        <translation>The queue is in its latest order.</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n}</translation>
    </message>
    <message>
        <source>保留 {n}件</source>
        <translation>{n} on hold</translation>
    </message>
    <message>
        <source>キューに戻る</source>
        <translation>Back to the queue</translation>
    </message>
    <message>
        <source>保留中のリードと理由を表示  H</source>
        <translation>Show leads on hold and why  H</translation>
    </message>
    <message>
        <source>今日のキューに戻る  H</source>
        <translation>Back to today&apos;s queue  H</translation>
    </message>
    <message>
        <source>保留中</source>
        <translation>On hold</translation>
    </message>
    <message>
        <source>ビュー: {name}</source>
        <translation>View: {name}</translation>
    </message>
    <message>
        <source>〜{last} は {names} さんが代行しています</source>
        <translation>Until {last}, {names} stand in for you</translation>
    </message>
    <message>
        <source>期限の来たリードは代行する人のキューにあり、期間が終わると戻ります。</source>
        <translation>What is due stands in their queue and comes back when the period is over.</translation>
    </message>
    <message>
        <source>キューは空です</source>
        <translation>The queue is empty</translation>
    </message>
    <message>
        <source>リードを取り込むと、架電する順に並びます。</source>
        <translation>Import leads and they line up in the order to call.</translation>
    </message>
    <message>
        <source>この絞り込みに当てはまるリードはありません</source>
        <translation>No lead fits this filter</translation>
    </message>
    <message>
        <source>保留中のリードはありません</source>
        <translation>No lead is on hold</translation>
    </message>
    <message>
        <source>今かけられるリードはありません</source>
        <translation>No lead can be called now</translation>
    </message>
    <message>
        <source>保留 {n}件は、時間や間隔の条件が整うと戻ります。</source>
        <translation>{n} on hold come back when their time or interval is up.</translation>
    </message>
    <message>
        <source>最新の並びです</source>
        <translation>The order is up to date</translation>
    </message>
    <message>
        <source>新着 {n}件 — 並び替えは区切りで反映</source>
        <translation>{n} new — re-ranked at the next turn</translation>
    </message>
    <message>
        <source>順位に変化 — 区切りで反映</source>
        <translation>Order changed — applied at the next turn</translation>
    </message>
    <message>
        <source>今日のキューに戻る</source>
        <translation>Back to today&apos;s queue</translation>
    </message>
    <message>
        <source>保存したビューがまだありません。</source>
        <translation>No view has been saved yet.</translation>
    </message>
</context>
<context>
    <name>QueueReview</name>
    <message>
        <source>担当のキュー</source>
        <translation>Queue of a rep</translation>
    </message>
    <message>
        <source>該当するリードはありません</source>
        <translation>No such leads</translation>
    </message>
    <message>
        <source>リードを担当のカードへドラッグ、または A で割り当て直し</source>
        <translation>Drag leads to a rep’s card, or reassign with A</translation>
    </message>
    <message>
        <source>氏名・会社で絞り込み</source>
        <translation>Find by name or company</translation>
    </message>
    <message>
        <source>キューを絞り込む</source>
        <translation>Narrow the queues</translation>
    </message>
    <message>
        <source>絞り込み(/)</source>
        <translation>Find (/)</translation>
    </message>
    <message>
        <source>すべて表示</source>
        <translation>Show all</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n}</translation>
    </message>
    <message>
        <source>約束 {promised}件・SLA {sla}件も移ります</source>
        <translation>{promised} promises and {sla} SLAs move along</translation>
    </message>
    <message>
        <source>{n}件を変更しました(取り消し Ctrl+Z)</source>
        <translation>{n} changed (undo with Ctrl+Z)</translation>
    </message>
    <message>
        <source>変わるものはありませんでした</source>
        <translation>Nothing was to be changed</translation>
    </message>
</context>
<context>
    <name>Reader</name>
    <message>
        <source>定義の中を探す</source>
        <translation>Search the definitions</translation>
    </message>
    <message>
        <source>探す(/)。Enterで次へ、Shift+Enterで前へ</source>
        <translation>Search (/). Enter: next, Shift+Enter: previous</translation>
    </message>
    <message>
        <source>目次</source>
        <translation>Contents</translation>
    </message>
    <message>
        <source>定義ドキュメント</source>
        <translation>Definition document</translation>
    </message>
    <message>
        <source>見つかりません</source>
        <translation>Not found</translation>
    </message>
    <message>
        <source>{at} / {n}件</source>
        <translation>{at} / {n}</translation>
    </message>
</context>
<context>
    <name>Reasons</name>
    <message>
        <source>お断り</source>
        <translation>Refusal</translation>
    </message>
    <message>
        <source>失注</source>
        <translation>Lost</translation>
    </message>
    <message>
        <source>失注: {reason}</source>
        <translation>Lost: {reason}</translation>
    </message>
    <message>
        <source>{n}件 ・ {share}</source>
        <translation>{n} ・ {share}</translation>
    </message>
    <message>
        <source>お断り {n}件</source>
        <translation>{n} refusals</translation>
    </message>
    <message>
        <source>失注 {n}件(斜線)</source>
        <translation>{n} lost (hatched)</translation>
    </message>
    <message>
        <source>種類</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>件数</source>
        <translation>Count</translation>
    </message>
</context>
<context>
    <name>RebuttalCard</name>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>切り返しトーク: {name}</source>
        <translation>Rebuttal: {name}</translation>
    </message>
</context>
<context>
    <name>RecordList</name>
    <message>
        <source>← 戻る</source>
        <translation>← Back</translation>
    </message>
    <message>
        <source>戻る(Esc)</source>
        <translation>Back (Esc)</translation>
    </message>
    <message>
        <source>明細</source>
        <translation>Records</translation>
    </message>
    <message>
        <source>この項目の明細はありません</source>
        <translation>There are no records behind this</translation>
    </message>
    <message>
        <source>Enterでリードを開く ・ Escで戻る</source>
        <translation>Enter opens the lead ・ Esc goes back</translation>
    </message>
    <message>
        <source>読んでいます…</source>
        <translation>Reading…</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n}</translation>
    </message>
</context>
<context>
    <name>RepCards</name>
    <message>
        <source>担当ごとの負荷</source>
        <translation>Load by rep</translation>
    </message>
</context>
<context>
    <name>RequestPanel</name>
    <message>
        <source>承認待ちはありません</source>
        <translation>Nothing waits for approval</translation>
    </message>
    <message>
        <source>リードを開く(O)</source>
        <translation>Open the lead (O)</translation>
    </message>
    <message>
        <source>返答の理由</source>
        <translation>Reason for the answer</translation>
    </message>
    <message>
        <source>承認</source>
        <translation>Approve</translation>
    </message>
    <message>
        <source>承認(Y)</source>
        <translation>Approve (Y)</translation>
    </message>
    <message>
        <source>却下</source>
        <translation>Refuse</translation>
    </message>
    <message>
        <source>却下(N)</source>
        <translation>Refuse (N)</translation>
    </message>
    <message>
        <source>取り下げ</source>
        <translation>Withdraw</translation>
    </message>
    <message>
        <source>取り下げ(W)</source>
        <translation>Withdraw (W)</translation>
    </message>
    <message>
        <source>依頼の理由</source>
        <translation>Reason for the request</translation>
    </message>
    <message>
        <source>依頼が届くと、ここに並びます。決定済みは D で見られます。</source>
        <translation>Requests line up here. D shows those decided.</translation>
    </message>
    <message>
        <source>氏名不明</source>
        <translation>No name</translation>
    </message>
    <message>
        <source>{who} が {when} に依頼</source>
        <translation>{who} asked {when}</translation>
    </message>
    <message>
        <source>まだいません</source>
        <translation>nobody yet</translation>
    </message>
    <message>
        <source>承認 {n}/{needed}人: {names}</source>
        <translation>Approved by {n} of {needed}: {names}</translation>
    </message>
    <message>
        <source>{when} に{status}</source>
        <translation>{status} {when}</translation>
    </message>
    <message>
        <source>返答の理由(却下には必要です)</source>
        <translation>Reason (needed to refuse)</translation>
    </message>
    <message>
        <source>自分の依頼は、ほかの人が承認します。</source>
        <translation>Your own request is approved by somebody else.</translation>
    </message>
    <message>
        <source>承認済みです。もう一人の承認を待っています。</source>
        <translation>Approved by you; it waits for a second person.</translation>
    </message>
    <message>
        <source>承認する権限がありません。チームリーダーが返答します。</source>
        <translation>You may not approve; a team lead answers.</translation>
    </message>
    <message>
        <source>このステージの条件</source>
        <translation>Conditions of this stage</translation>
    </message>
    <message>
        <source>引き継ぎチェック</source>
        <translation>Handoff checklist</translation>
    </message>
    <message>
        <source>リードの状況</source>
        <translation>How the lead stands</translation>
    </message>
    <message>
        <source>対象のリード</source>
        <translation>Leads concerned</translation>
    </message>
    <message>
        <source>ほか{n}件</source>
        <translation>{n} more</translation>
    </message>
    <message>
        <source>ステージ</source>
        <translation>Stage</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Owner</translation>
    </message>
    <message>
        <source>最終接触</source>
        <translation>Last contact</translation>
    </message>
    <message>
        <source>架電回数</source>
        <translation>Dials</translation>
    </message>
    <message>
        <source>{n}回</source>
        <translation>{n}</translation>
    </message>
    <message>
        <source>却下の理由を入力して Enter</source>
        <translation>Type the reason for refusing, then Enter</translation>
    </message>
</context>
<context>
    <name>Rounds</name>
    <message>
        <source>メールのアカウントが断られているので、送らずに残しています。</source>
        <translation>The server refuses the mail account; everything stays in the outbox.</translation>
    </message>
    <message>
        <source>届いたかどうか分からないメールがあります。「メールの送信」で確かめてください。</source>
        <translation>For some mail it is not known whether it was delivered. See “Outgoing mail”.</translation>
    </message>
    <message>
        <source>時刻を過ぎたメールが{n}通あります。送るかどうかを「メールの送信」で決めてください。</source>
        <translation>The time of {n} mails has passed. Decide under “Outgoing mail” whether they still leave.</translation>
    </message>
    <message>
        <source>送れなかったメールがあります。「メールの送信」で理由を見られます。</source>
        <translation>Some mail could not be sent. “Outgoing mail” says why.</translation>
    </message>
    <message>
        <source>いま別のisdeskがメールを送っています。残りはあとで自動で送ります。</source>
        <translation>Another isdesk is sending mails now. The rest goes later by itself.</translation>
    </message>
    <message>
        <source>1時間あたりの上限に達したので、残りはあとで自動で送ります。</source>
        <translation>The limit an hour is reached; the rest leaves later by itself.</translation>
    </message>
    <message>
        <source>相手のサーバーが混んでいるので、あとで自動で送り直します。</source>
        <translation>The other server is busy; it is tried again by itself.</translation>
    </message>
    <message>
        <source>メールを{n}通送りました。</source>
        <translation>{n} mail(s) sent.</translation>
    </message>
    <message>
        <source>返信が{n}件届きました。履歴に入れました。</source>
        <translation>{n} replies came; they stand in the timeline.</translation>
    </message>
    <message>
        <source>返信が{n}件届きました。{out}件を配信停止にしました。</source>
        <translation>{n} replies came; {out} opted out of mail.</translation>
    </message>
    <message>
        <source>{out}件を配信停止にしました。</source>
        <translation>{out} opted out of mail.</translation>
    </message>
    <message>
        <source>届かなかったメールが{n}通あります。</source>
        <translation>{n} mail(s) could not be delivered.</translation>
    </message>
    <message>
        <source>読めないメールが{n}通ありました。メールボックスにそのまま残しています。</source>
        <translation>{n} letters could not be read. They stay in the mailbox as they are.</translation>
    </message>
</context>
<context>
    <name>RubricForm</name>
    <message>
        <source>評価</source>
        <translation>Evaluation</translation>
    </message>
    <message>
        <source>評価項目がまだありません。「定義」の rubric で決めてください。</source>
        <translation>The rubric has no items yet: set them in the definitions, under rubric.</translation>
    </message>
    <message>
        <source>この通話で聞き出せた課題の数</source>
        <translation>How many issues were heard in this call</translation>
    </message>
    <message>
        <source>課題抽出数</source>
        <translation>Issues heard</translation>
    </message>
    <message>
        <source>よかった点と、次に試すこと</source>
        <translation>What was good, and what to try next</translation>
    </message>
    <message>
        <source>コメント</source>
        <translation>Comment</translation>
    </message>
</context>
<context>
    <name>Said</name>
    <message>
        <source>評価への返信</source>
        <translation>Answer to an evaluation</translation>
    </message>
    <message>
        <source>返信する(Enterで送る)</source>
        <translation>Answer (Enter sends it)</translation>
    </message>
    <message>
        <source>送る</source>
        <translation>Send</translation>
    </message>
    <message>
        <source>送る(Enter)</source>
        <translation>Send (Enter)</translation>
    </message>
    <message>
        <source>課題 {n}</source>
        <translation>issues {n}</translation>
    </message>
</context>
<context>
    <name>ScopeStep</name>
    <message>
        <source>どのリードを受け取りますか?</source>
        <translation>Which leads shall come here?</translation>
    </message>
    <message>
        <source>この端末に置くデータは、少ないほど安全です。あとから変えられます。</source>
        <translation>The less data on this computer, the safer. You can change it later.</translation>
    </message>
    <message>
        <source>あなたが担当のリードだけ。ふだんの架電はこちら。</source>
        <translation>Only leads that you own. Right for everyday calling.</translation>
    </message>
    <message>
        <source>チーム全員のリード。割り当てや横断の確認をするチームリーダー向け。</source>
        <translation>The whole team’s leads. For team leads who assign and compare.</translation>
    </message>
    <message>
        <source>自分のリード</source>
        <translation>My leads</translation>
    </message>
    <message>
        <source>チーム全体</source>
        <translation>The whole team</translation>
    </message>
    <message>
        <source>このあとすること</source>
        <translation>What happens next</translation>
    </message>
    <message>
        <source>1. 接続を保存し、リードと会社を受け取ります。途中で止めても、次に続きから受け取ります。</source>
        <translation>1. The connection is stored, leads and companies come in. If you stop, it goes on from there next time.</translation>
    </message>
    <message>
        <source>2. この端末で記録した架電の結果を送ります。</source>
        <translation>2. Calls recorded on this computer are sent.</translation>
    </message>
    <message>
        <source>3. 受信の間もこの画面を離れて架電できます。</source>
        <translation>3. Meanwhile you may leave this page and call.</translation>
    </message>
    <message>
        <source>約{n}件</source>
        <translation>about {n}</translation>
    </message>
</context>
<context>
    <name>ScoreCard</name>
    <message>
        <source>優先度 {n}</source>
        <translation>Priority {n}</translation>
    </message>
    <message>
        <source>ICP適合度</source>
        <translation>ICP fit</translation>
    </message>
    <message>
        <source>意欲スコア</source>
        <translation>Intent score</translation>
    </message>
    <message>
        <source>時期スコア</source>
        <translation>Timing score</translation>
    </message>
    <message>
        <source>優先度 = 適合 × 意欲 × 時期(0〜100 にそろえた積)</source>
        <translation>Priority = fit × intent × timing (scaled to 0–100)</translation>
    </message>
</context>
<context>
    <name>ScriptEditor</name>
    <message>
        <source>トークスクリプトとメール</source>
        <translation>Scripts and mails</translation>
    </message>
    <message>
        <source>定義の文面に誤りがあるため、ここでは編集できません</source>
        <translation>The text of the definitions has an error, so nothing can be edited here</translation>
    </message>
    <message>
        <source>定義の文面を直す</source>
        <translation>Mend the text of the definitions</translation>
    </message>
    <message>
        <source>スクリプトを足す(Ctrl+Shift+N)</source>
        <translation>Add a script (Ctrl+Shift+N)</translation>
    </message>
    <message>
        <source>スクリプトを足す</source>
        <translation>Add a script</translation>
    </message>
    <message>
        <source>このスクリプト・テンプレートを外す</source>
        <translation>Take this script or template out</translation>
    </message>
    <message>
        <source>次の問題へ(F8)</source>
        <translation>To the next problem (F8)</translation>
    </message>
    <message>
        <source>発効日</source>
        <translation>In force from</translation>
    </message>
    <message>
        <source>変更の理由</source>
        <translation>Reason for the change</translation>
    </message>
    <message>
        <source>変更の理由(署名するときに読みます)</source>
        <translation>Reason for the change (read by those who sign)</translation>
    </message>
    <message>
        <source>編集を取り消す(Ctrl+Z)</source>
        <translation>Take an edit back (Ctrl+Z)</translation>
    </message>
    <message>
        <source>取り消し</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>やり直し</source>
        <translation>Redo</translation>
    </message>
    <message>
        <source>編集をやり直す(Ctrl+Shift+Z)</source>
        <translation>Do an edit again (Ctrl+Shift+Z)</translation>
    </message>
    <message>
        <source>閉じる</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>閉じる。書きかけは残ります(Esc)</source>
        <translation>Close; the draft is kept (Esc)</translation>
    </message>
    <message>
        <source>提案する</source>
        <translation>Propose</translation>
    </message>
    <message>
        <source>提案する(Ctrl+Enter)</source>
        <translation>Propose (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>問題 {n}</source>
        <translation>Problems {n}</translation>
    </message>
    <message>
        <source>問題はありません</source>
        <translation>No problems</translation>
    </message>
    <message>
        <source>メールテンプレートの名前</source>
        <translation>Name of the mail template</translation>
    </message>
    <message>
        <source>トークスクリプトの名前</source>
        <translation>Name of the talk script</translation>
    </message>
    <message>
        <source>足す</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>まだ提案できません。問題が{n}件あります。</source>
        <translation>It cannot be proposed yet. Problems: {n}.</translation>
    </message>
    <message>
        <source>変えたところがないので、提案するものがありません。</source>
        <translation>Nothing was changed, so there is nothing to propose.</translation>
    </message>
    <message>
        <source>提案しました。3部門の署名がそろうと、発効日から全員に適用されます。</source>
        <translation>Proposed. Once the three departments have signed, it holds for everybody from its day on.</translation>
    </message>
</context>
<context>
    <name>SearchButton</name>
    <message>
        <source>リード・会社・電話番号・メールを検索</source>
        <translation>Search leads, companies, numbers, mail</translation>
    </message>
</context>
<context>
    <name>SenderForm</name>
    <message>
        <source>送信者の表示(法定)</source>
        <translation>Sender (by law)</translation>
    </message>
    <message>
        <source>{item}(メールか https://)</source>
        <translation>{item} (mail or https://)</translation>
    </message>
    <message>
        <source>宣伝のメールの下に必ず付きます。4つがそろうまで、宣伝のメールは送れません。</source>
        <translation>It stands below every advertising mail. Until all four are given, no such mail is sent.</translation>
    </message>
</context>
<context>
    <name>SentBar</name>
    <message>
        <source>メールソフトで送りましたか</source>
        <translation>Did you send it from the mail program?</translation>
    </message>
    <message>
        <source>送った</source>
        <translation>Sent</translation>
    </message>
    <message>
        <source>履歴に記録する(Y)</source>
        <translation>Put it into the timeline (Y)</translation>
    </message>
    <message>
        <source>まだ</source>
        <translation>Not yet</translation>
    </message>
    <message>
        <source>記録しない(N)</source>
        <translation>Note nothing (N)</translation>
    </message>
</context>
<context>
    <name>SequencePanel</name>
    <message>
        <source>送る</source>
        <translation>Send</translation>
    </message>
    <message>
        <source>次のメールを送る(Y)</source>
        <translation>Send the next mail (Y)</translation>
    </message>
    <message>
        <source>メールソフトで送る</source>
        <translation>Send by mail program</translation>
    </message>
    <message>
        <source>書く画面を開いて、メールソフトに渡す(W)</source>
        <translation>Open the mail and hand it to the mail program (W)</translation>
    </message>
    <message>
        <source>送信を引き取る</source>
        <translation>Take over mails</translation>
    </message>
    <message>
        <source>この端末から送る(O)。翌営業日から</source>
        <translation>Send from this device (O), from the next business day</translation>
    </message>
    <message>
        <source>飛ばす</source>
        <translation>Skip</translation>
    </message>
    <message>
        <source>次の手順を飛ばす(K)</source>
        <translation>Skip the next step (K)</translation>
    </message>
    <message>
        <source>止める</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>シーケンスを止める(Delete)</source>
        <translation>Stop the sequence (Delete)</translation>
    </message>
    <message>
        <source>リードを開く</source>
        <translation>Open the lead</translation>
    </message>
    <message>
        <source>架電の画面で開く(Enter)</source>
        <translation>Open on the call page (Enter)</translation>
    </message>
    <message>
        <source>飛ばす理由(Enterで飛ばす)</source>
        <translation>Why it is skipped (Enter skips)</translation>
    </message>
    <message>
        <source>飛ばす理由</source>
        <translation>Why it is skipped</translation>
    </message>
    <message>
        <source>氏名なし</source>
        <translation>No name</translation>
    </message>
    <message>
        <source>送信者 {name}</source>
        <translation>sent by {name}</translation>
    </message>
    <message>
        <source>完了</source>
        <translation>Finished</translation>
    </message>
    <message>
        <source>前の手順のあと</source>
        <translation>after the step before</translation>
    </message>
    <message>
        <source>メールを送信待ちに入れました。</source>
        <translation>The mail is in the outbox.</translation>
    </message>
    <message>
        <source>翌営業日から、この端末から送ります(取り消し Ctrl+Z)</source>
        <translation>From the next business day on they leave from this device (undo Ctrl+Z)</translation>
    </message>
    <message>
        <source>シーケンスを止めました(取り消し Ctrl+Z)</source>
        <translation>Sequence stopped (undo Ctrl+Z)</translation>
    </message>
    <message>
        <source>このシーケンスでは、いまその操作はできません。</source>
        <translation>That cannot be done with this sequence now.</translation>
    </message>
    <message>
        <source>飛ばすのをやめました。</source>
        <translation>Nothing was skipped.</translation>
    </message>
    <message>
        <source>飛ばす理由を書いてください(Esc でやめる)。</source>
        <translation>Say why it is skipped (Esc leaves it).</translation>
    </message>
    <message>
        <source>手順を飛ばしました(取り消し Ctrl+Z)</source>
        <translation>Step skipped (undo Ctrl+Z)</translation>
    </message>
</context>
<context>
    <name>SequencesPage</name>
    <message>
        <source>今日</source>
        <translation>Today</translation>
    </message>
    <message>
        <source>実行中</source>
        <translation>Running</translation>
    </message>
    <message>
        <source>終了</source>
        <translation>Ended</translation>
    </message>
    <message>
        <source>チーム全員</source>
        <translation>Whole team</translation>
    </message>
    <message>
        <source>自分の分だけ・チーム全員(A)</source>
        <translation>Only mine, or the whole team&apos;s (A)</translation>
    </message>
    <message>
        <source>リードを入れる</source>
        <translation>Put leads in</translation>
    </message>
    <message>
        <source>キューやビューのリードを入れる(E)</source>
        <translation>Put in leads of the queue or a view (E)</translation>
    </message>
    <message>
        <source>要確認</source>
        <translation>To check</translation>
    </message>
    <message>
        <source>今日のメール</source>
        <translation>Mails today</translation>
    </message>
    <message>
        <source>今日の架電・SNS</source>
        <translation>Calls and social touches today</translation>
    </message>
    <message>
        <source>成果</source>
        <translation>Results</translation>
    </message>
    <message>
        <source>シーケンスのリード</source>
        <translation>Leads in sequences</translation>
    </message>
    <message>
        <source>シーケンスごとの人数と成果</source>
        <translation>Leads and results by sequence</translation>
    </message>
    <message>
        <source>リードを入れる(E)</source>
        <translation>Put leads in (E)</translation>
    </message>
    <message>
        <source>担当 {name}</source>
        <translation>Owner {name}</translation>
    </message>
    <message>
        <source>状態</source>
        <translation>State</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Lead</translation>
    </message>
    <message>
        <source>手順</source>
        <translation>Step</translation>
    </message>
    <message>
        <source>いつ</source>
        <translation>When</translation>
    </message>
    <message>
        <source>シーケンス・理由</source>
        <translation>Sequence, reason</translation>
    </message>
    <message>
        <source>うち要確認 {n}件</source>
        <translation>{n} of them to check</translation>
    </message>
    <message>
        <source>シーケンス・手順</source>
        <translation>Sequence, step</translation>
    </message>
    <message>
        <source>いま</source>
        <translation>Here</translation>
    </message>
    <message>
        <source>済み</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>返信</source>
        <translation>Reply</translation>
    </message>
    <message>
        <source>商談</source>
        <translation>Meeting</translation>
    </message>
    <message>
        <source>配信停止</source>
        <translation>Opt-outs</translation>
    </message>
    <message>
        <source>シーケンス</source>
        <translation>Sequences</translation>
    </message>
    <message>
        <source>今日 {n}</source>
        <translation>Today {n}</translation>
    </message>
    <message>
        <source>実行中 {n}</source>
        <translation>Running {n}</translation>
    </message>
    <message>
        <source>終了 {n}</source>
        <translation>Ended {n}</translation>
    </message>
    <message>
        <source>{n}件が待っています</source>
        <translation>{n} waiting</translation>
    </message>
    <message>
        <source>ありません</source>
        <translation>None</translation>
    </message>
    <message>
        <source>自動 {n}件</source>
        <translation>{n} by themselves</translation>
    </message>
    <message>
        <source>確認 {n}件</source>
        <translation>{n} to confirm</translation>
    </message>
    <message>
        <source>同期待ち {n}件</source>
        <translation>{n} wait for a sync</translation>
    </message>
    <message>
        <source>返信の確認待ち {n}件</source>
        <translation>{n} wait for the mailbox</translation>
    </message>
    <message>
        <source>しばらく同期していないので、同期してから送ります。</source>
        <translation>This desk has not synced for a while; mails leave after the next sync.</translation>
    </message>
    <message>
        <source>メールボックスを読めていないので、読めてから自動で送ります。</source>
        <translation>The mailbox could not be read; they leave by themselves once it can be.</translation>
    </message>
    <message>
        <source>架電 {n}件 ・ SNSなど {m}件</source>
        <translation>Calls {n} · social {m}</translation>
    </message>
    <message>
        <source>返信 {r}件 ・ 商談 {m}件(延べ {n}件)</source>
        <translation>Replies {r} · meetings {m} (of {n})</translation>
    </message>
    <message>
        <source>まだ読んでいません</source>
        <translation>Not read yet</translation>
    </message>
    <message>
        <source>返信を最後に読んだ時刻: {at}</source>
        <translation>Replies last read: {at}</translation>
    </message>
    <message>
        <source>停止: {stops}</source>
        <translation>Stopped: {stops}</translation>
    </message>
    <message>
        <source>{n}営業日目</source>
        <translation>business day {n}</translation>
    </message>
    <message>
        <source>飛ばした {n}件</source>
        <translation>{n} skipped</translation>
    </message>
    <message>
        <source>手が要るもの {n}件</source>
        <translation>{n} need a hand</translation>
    </message>
    <message>
        <source>シーケンスに入っているリードはありません</source>
        <translation>No lead is in a sequence</translation>
    </message>
    <message>
        <source>入れると、メール・電話・SNSの手順が営業日ごとに自動で次の予定になります。</source>
        <translation>Once in, its steps over mail, telephone and social networks become the next task by themselves, business day by business day.</translation>
    </message>
    <message>
        <source>今日の手順はありません</source>
        <translation>No steps today</translation>
    </message>
    <message>
        <source>次の手順は「実行中」(T)で見られます。</source>
        <translation>The next steps stand under “Running” (T).</translation>
    </message>
    <message>
        <source>どのリードを入れますか</source>
        <translation>Which leads?</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>設定</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>次に起動したときから変わります</source>
        <translation>Holds from the next start</translation>
    </message>
    <message>
        <source>プロファイル</source>
        <translation>Profile</translation>
    </message>
    <message>
        <source>お名前</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>保存先</source>
        <translation>Folder</translation>
    </message>
    <message>
        <source>今すぐロック</source>
        <translation>Lock now</translation>
    </message>
    <message>
        <source>データは暗号化され、ロック中は鍵ごと閉じます。</source>
        <translation>Your data is encrypted; while locked it is closed, key and all.</translation>
    </message>
    <message>
        <source>接続</source>
        <translation>Connection</translation>
    </message>
    <message>
        <source>確認しています</source>
        <translation>Checking</translation>
    </message>
    <message>
        <source>接続先を選ぶ</source>
        <translation>Choose where to connect</translation>
    </message>
    <message>
        <source>確認と項目の対応を見直す</source>
        <translation>Review the check and the field map</translation>
    </message>
    <message>
        <source>まだ接続していません。</source>
        <translation>Not connected yet.</translation>
    </message>
    <message>
        <source>接続先を変える</source>
        <translation>Connect elsewhere</translation>
    </message>
    <message>
        <source>うまくいかないときは、いまの接続のままです。</source>
        <translation>If it fails, the present connection stays.</translation>
    </message>
    <message>
        <source>バックアップ</source>
        <translation>Backups</translation>
    </message>
    <message>
        <source>今すぐバックアップ</source>
        <translation>Back up now</translation>
    </message>
    <message>
        <source>戻すときは isdesk restore を使います。バックアップは同じ鍵で暗号化されています。</source>
        <translation>Use isdesk restore to bring one back. Backups are encrypted with the same key.</translation>
    </message>
    <message>
        <source>接続先: {url}</source>
        <translation>Connected to: {url}</translation>
    </message>
    <message>
        <source>{n}個あります。最新: {at}</source>
        <translation>{n} kept. Newest: {at}</translation>
    </message>
    <message>
        <source>まだありません。</source>
        <translation>None yet.</translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message>
        <source>サインインし直す F7</source>
        <translation>Sign in again F7</translation>
    </message>
    <message>
        <source>まだCRMに届いていない記録が{n}件あります。</source>
        <translation>{n} record(s) have not reached the CRM yet.</translation>
    </message>
    <message>
        <source>この端末に保存済みで、次に開いたときに送ります。もう一度閉じると終了します。</source>
        <translation>They are saved on this computer and will be sent next time. Close again to quit.</translation>
    </message>
    <message>
        <source>同期して終了</source>
        <translation>Sync and quit</translation>
    </message>
    <message>
        <source>{note} ・ 架電は日時指定の再コールのみ</source>
        <translation>{note} · only promised callbacks</translation>
    </message>
    <message>
        <source>時間外です</source>
        <translation>Outside calling hours</translation>
    </message>
    <message>
        <source>{note} ・ 架電はできません</source>
        <translation>{note} · no calls</translation>
    </message>
    <message>
        <source>色覚に配慮した色にしました</source>
        <translation>Now in colour-blind safe colours</translation>
    </message>
    <message>
        <source>標準の色に戻しました</source>
        <translation>Back to the usual colours</translation>
    </message>
    <message>
        <source>バックアップしました</source>
        <translation>Backed up</translation>
    </message>
    <message>
        <source>{outcome}: {lead}({company})— {rep}が記録しました</source>
        <translation>{outcome}: {lead} ({company}), recorded by {rep}</translation>
    </message>
    <message>
        <source>開く</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>まだハブに接続していません。「同期」か「設定」から接続できます。</source>
        <translation>Not connected to a hub yet. Connect in Sync or Settings.</translation>
    </message>
    <message>
        <source>同期しました: 受信 {got}件 ・ 送信 {sent}件</source>
        <translation>Synced: {got} received · {sent} sent</translation>
    </message>
    <message>
        <source>ハブにつながりません。記録はこの端末に保存され、あとで自動で送られます。</source>
        <translation>The hub cannot be reached. What you record is kept here and sent by itself later.</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>情報</source>
        <translation>Facts</translation>
    </message>
    <message>
        <source>履歴</source>
        <translation>Timeline</translation>
    </message>
    <message>
        <source>引き継ぎ</source>
        <translation>Handoff</translation>
    </message>
    <message>
        <source>Ctrl+Shift+1 … 3</source>
        <translation>Ctrl+Shift+1 … 3</translation>
    </message>
    <message>
        <source>引き継ぎ {done}/{all}</source>
        <translation>Handoff {done}/{all}</translation>
    </message>
</context>
<context>
    <name>SignInStep</name>
    <message>
        <source>はじめに一度だけ</source>
        <translation>Once, to begin with</translation>
    </message>
    <message>
        <source>{crm}にサインイン</source>
        <translation>Sign in to {crm}</translation>
    </message>
    <message>
        <source>キーとパスワードは封印してこの端末にだけ保存し、設定ファイルやログには残しません。</source>
        <translation>Keys and passwords are sealed and kept on this computer only, never in settings or logs.</translation>
    </message>
    <message>
        <source>保存済み(変えるときだけ入力)</source>
        <translation>Saved (type only to change it)</translation>
    </message>
    <message>
        <source>選ぶ…</source>
        <translation>Choose…</translation>
    </message>
    <message>
        <source>フォルダーを選ぶ</source>
        <translation>Choose a folder</translation>
    </message>
    <message>
        <source>ブラウザーでサインイン</source>
        <translation>Sign in with the browser</translation>
    </message>
    <message>
        <source>この端末だけで使う(内蔵ハブ・SQLite)</source>
        <translation>On this computer only (embedded hub, SQLite)</translation>
    </message>
    <message>
        <source>チームのハブに接続する(PostgreSQL)</source>
        <translation>Connect to the team’s hub (PostgreSQL)</translation>
    </message>
    <message>
        <source>パスフレーズ(必要な端末だけ)</source>
        <translation>Passphrase (where this computer needs one)</translation>
    </message>
    <message>
        <source>{what}を入力してください。</source>
        <translation>Please fill in: {what}.</translation>
    </message>
    <message>
        <source>何も送っていません。</source>
        <translation>Nothing was sent.</translation>
    </message>
</context>
<context>
    <name>SignalsCard</name>
    <message>
        <source>反応の種類</source>
        <translation>What happened</translation>
    </message>
    <message>
        <source>日時の列</source>
        <translation>Column of dates</translation>
    </message>
    <message>
        <source>反応の一覧を選ぶ</source>
        <translation>Choose a list of events</translation>
    </message>
    <message>
        <source>反応の一覧を選ぶ(S)</source>
        <translation>Choose a list of events (S)</translation>
    </message>
    <message>
        <source>反応を取り込む</source>
        <translation>Take events in</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>反応(意欲)を取り込む</source>
        <translation>Intent events</translation>
    </message>
    <message>
        <source>開封・クリック・資料DL・セミナー参加・トライアル利用の一覧を、いるリードに付けます。</source>
        <translation>Opens, clicks, downloads, seminars and trial use, added to the leads that are here.</translation>
    </message>
    <message>
        <source>CSV・Excel ({kinds})</source>
        <translation>CSV, Excel ({kinds})</translation>
    </message>
    <message>
        <source>日付の列なし</source>
        <translation>No column of dates</translation>
    </message>
    <message>
        <source>日付の列が見つかりません。</source>
        <translation>No column of dates was found. </translation>
    </message>
    <message>
        <source>日時のない {n}件は、点だけ付け、いま意欲が高いとはしません。</source>
        <translation>{n} without a date give their points and make nobody hot.</translation>
    </message>
    <message>
        <source>{n}件の反応を{leads}件のリードに付けます(いま意欲が高い {hot}件)</source>
        <translation>{n} events for {leads} leads ({hot} hot now)</translation>
    </message>
    <message>
        <source>取り込み済み {n}件</source>
        <translation>{n} here already</translation>
    </message>
    <message>
        <source>不参加 {n}件</source>
        <translation>{n} did not come</translation>
    </message>
    <message>
        <source>配信停止にする {n}件</source>
        <translation>{n} opt out of mail</translation>
    </message>
    <message>
        <source>リードなし {n}件</source>
        <translation>{n} without a lead</translation>
    </message>
    <message>
        <source>読めない行 {n}件</source>
        <translation>{n} unreadable rows</translation>
    </message>
    <message>
        <source> ・ </source>
        <translation>, </translation>
    </message>
    <message>
        <source>{n}件の反応を取り込みました(取り消し Ctrl+Z)</source>
        <translation>{n} events taken in (undo: Ctrl+Z)</translation>
    </message>
    <message>
        <source>{n}件の反応を取り込み、{opt_outs}件を配信停止にしました(取り消し Ctrl+Z)</source>
        <translation>{n} events taken in, {opt_outs} opted out of mail (Ctrl+Z takes them back)</translation>
    </message>
</context>
<context>
    <name>SlaChart</name>
    <message>
        <source>全体 {rate} ・ 破線は目標、斜線は目標未満</source>
        <translation>Overall {rate} ・ dashed: target, hatched: below it</translation>
    </message>
    <message>
        <source>期間の初日</source>
        <translation>First day</translation>
    </message>
</context>
<context>
    <name>Standing</name>
    <message>
        <source>つなぎ直す電話は設定されていません。</source>
        <translation>No telephone is set up that could be connected again.</translation>
    </message>
    <message>
        <source>電話につながっています。</source>
        <translation>The telephone is connected.</translation>
    </message>
    <message>
        <source>電話につなぎ直しています。</source>
        <translation>Connecting the telephone again.</translation>
    </message>
    <message>
        <source>{do} 1時間ごとにも確かめ直します。</source>
        <translation>{do} It is also looked at again once an hour.</translation>
    </message>
    <message>
        <source>つなぎ直す</source>
        <translation>Connect again</translation>
    </message>
    <message>
        <source>電話の設定</source>
        <translation>Telephone settings</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>同期の状態を開く</source>
        <translation>Open the state of sync</translation>
    </message>
    <message>
        <source>送信待ち {n}件</source>
        <translation>{n} waiting</translation>
    </message>
    <message>
        <source>要対応 {n}件</source>
        <translation>{n} need you</translation>
    </message>
    <message>
        <source>最終同期 {at}</source>
        <translation>Last sync {at}</translation>
    </message>
    <message>
        <source>接続なし(この端末に保存)</source>
        <translation>Not connected (kept on this computer)</translation>
    </message>
    <message>
        <source>同期中</source>
        <translation>Syncing</translation>
    </message>
    <message>
        <source>サインインが必要です(F7)</source>
        <translation>Sign-in needed (F7)</translation>
    </message>
    <message>
        <source>CRMの利用回数の上限で待機中</source>
        <translation>Waiting: the CRM’s allowance is used up</translation>
    </message>
    <message>
        <source>CRMの不調で待機中</source>
        <translation>Waiting: the CRM has trouble</translation>
    </message>
    <message>
        <source>ネットワークへのサインインが必要です</source>
        <translation>The network wants a sign-in</translation>
    </message>
    <message>
        <source>オンライン</source>
        <translation>Online</translation>
    </message>
    <message>
        <source>オフライン</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>オフライン {at} から</source>
        <translation>Offline since {at}</translation>
    </message>
    <message>
        <source>時計が{n}分遅れています</source>
        <translation>Clock is {n} min slow</translation>
    </message>
    <message>
        <source>時計が{n}分進んでいます</source>
        <translation>Clock is {n} min fast</translation>
    </message>
    <message>
        <source>端末の日付と時刻の設定を直してください。記録の時刻は補正して送ります。</source>
        <translation>Please correct this computer’s date and time. Records are sent with corrected times.</translation>
    </message>
    <message>
        <source>メール送信停止中 {n}通</source>
        <translation>Mail paused: {n} wait</translation>
    </message>
    <message>
        <source>メール受信停止中</source>
        <translation>Mail reading paused</translation>
    </message>
    <message>
        <source>バックアップ {at}</source>
        <translation>Backup {at}</translation>
    </message>
    <message>
        <source>バックアップはまだありません</source>
        <translation>No backup yet</translation>
    </message>
    <message>
        <source>定義 {name}</source>
        <translation>Definitions {name}</translation>
    </message>
    <message>
        <source>定義ドキュメントを開く</source>
        <translation>Open the definitions</translation>
    </message>
</context>
<context>
    <name>StepForm</name>
    <message>
        <source>+ 分岐</source>
        <translation>+ Branch</translation>
    </message>
    <message>
        <source>この段階に分岐を足す(Ctrl+B)</source>
        <translation>Add a branch to this step (Ctrl+B)</translation>
    </message>
    <message>
        <source>+ 別の言い方を試す</source>
        <translation>+ Try another wording</translation>
    </message>
    <message>
        <source>この段階の別の言い方を、半分のリードで試す(Ctrl+Shift+W)</source>
        <translation>Try another wording of this step on half of the leads (Ctrl+Shift+W)</translation>
    </message>
    <message>
        <source>この段階で試すのをやめる</source>
        <translation>End the trial of this step</translation>
    </message>
    <message>
        <source>この段階のBの文面を外す(Ctrl+Shift+W)</source>
        <translation>Take the wording B of this step out (Ctrl+Shift+W)</translation>
    </message>
    <message>
        <source>話す文面</source>
        <translation>What is said</translation>
    </message>
    <message>
        <source>BはまだAと同じ文面です。Bを書き換えてください。</source>
        <translation>B still says the same as A. Write B anew.</translation>
    </message>
    <message>
        <source>{{ か Ctrl+Space で変数、**太字**、- 箇条書き、[文字](https://…)</source>
        <translation>{{ or Ctrl+Space for variables, **bold**, - lists, [text](https://…)</translation>
    </message>
    <message>
        <source>かかってきた電話での導入(なければ、お礼と名乗りだけ)</source>
        <translation>Opening of a call that came in (none: thanks and your name)</translation>
    </message>
    <message>
        <source>かかってきた電話での導入</source>
        <translation>Opening of a call that came in</translation>
    </message>
    <message>
        <source>検証質問</source>
        <translation>Verification questions</translation>
    </message>
    <message>
        <source>英語の文面(なければ日本語)</source>
        <translation>English text (Japanese where there is none)</translation>
    </message>
    <message>
        <source>英語の文面</source>
        <translation>English text</translation>
    </message>
    <message>
        <source>かかってきた電話での導入(英語)</source>
        <translation>Opening of a call that came in (English)</translation>
    </message>
    <message>
        <source>{name}(B)</source>
        <translation>{name} (B)</translation>
    </message>
    <message>
        <source>A いまの文面</source>
        <translation>A: present wording</translation>
    </message>
    <message>
        <source>B 試す文面</source>
        <translation>B: wording under trial</translation>
    </message>
    <message>
        <source>名前</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>名前(英語)</source>
        <translation>Name (English)</translation>
    </message>
    <message>
        <source>置く場所</source>
        <translation>Place</translation>
    </message>
    <message>
        <source>{step} の後</source>
        <translation>After {step}</translation>
    </message>
    <message>
        <source>分岐からだけ入る</source>
        <translation>Entered by a branch alone</translation>
    </message>
</context>
<context>
    <name>SyncPage</name>
    <message>
        <source>同期</source>
        <translation>Sync</translation>
    </message>
    <message>
        <source>今すぐ同期</source>
        <translation>Sync now</translation>
    </message>
    <message>
        <source>同期の履歴</source>
        <translation>Sync history</translation>
    </message>
    <message>
        <source>まだ同期していません</source>
        <translation>Not synced yet</translation>
    </message>
    <message>
        <source>接続すると、ここに履歴が残ります。</source>
        <translation>Once connected, every round is listed here.</translation>
    </message>
    <message>
        <source>開始</source>
        <translation>Started</translation>
    </message>
    <message>
        <source>結果</source>
        <translation>Result</translation>
    </message>
    <message>
        <source>受信: 新規</source>
        <translation>New in</translation>
    </message>
    <message>
        <source>受信: 更新</source>
        <translation>Updated in</translation>
    </message>
    <message>
        <source>受信: 削除</source>
        <translation>Deleted in</translation>
    </message>
    <message>
        <source>送信</source>
        <translation>Sent</translation>
    </message>
    <message>
        <source>競合</source>
        <translation>Conflicts</translation>
    </message>
    <message>
        <source>要対応</source>
        <translation>Needs attention</translation>
    </message>
    <message>
        <source>修復</source>
        <translation>Repaired</translation>
    </message>
    <message>
        <source>秒</source>
        <translation>Seconds</translation>
    </message>
    <message>
        <source>完了</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>オフライン</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>中断</source>
        <translation>Broken off</translation>
    </message>
    <message>
        <source>送信待ち</source>
        <translation>Waiting to be sent</translation>
    </message>
    <message>
        <source>履歴</source>
        <translation>History</translation>
    </message>
    <message>
        <source>接続</source>
        <translation>Connection</translation>
    </message>
    <message>
        <source>最終同期 {at}({ago})</source>
        <translation>Last sync {at} ({ago})</translation>
    </message>
    <message>
        <source>いちばん古い送信待ち {ago}</source>
        <translation>oldest record waiting: {ago}</translation>
    </message>
    <message>
        <source>最後の全件照合 {ago}</source>
        <translation>Last full comparison {ago}</translation>
    </message>
    <message>
        <source>記録はこの端末に保存済みです。つながり次第、自動で送ります。</source>
        <translation>Records are safe on this computer and are sent as soon as the hub is there.</translation>
    </message>
    <message>
        <source>接続していません</source>
        <translation>Not connected</translation>
    </message>
    <message>
        <source>チーム全体</source>
        <translation>The whole team</translation>
    </message>
    <message>
        <source>自分のリード</source>
        <translation>My leads</translation>
    </message>
    <message>
        <source>{who} として接続 ・ 範囲: {scope}</source>
        <translation>Connected as {who} · Scope: {scope}</translation>
    </message>
    <message>
        <source>{name} に接続しています</source>
        <translation>Connected to {name}</translation>
    </message>
    <message>
        <source>最後の同期</source>
        <translation>Last sync</translation>
    </message>
    <message>
        <source>{at}({ago})</source>
        <translation>{at} ({ago})</translation>
    </message>
    <message>
        <source>最後の全件照合</source>
        <translation>Last full comparison</translation>
    </message>
    <message>
        <source>まだありません</source>
        <translation>None yet</translation>
    </message>
    <message>
        <source>{n}件 ・ いちばん古いもの {ago}</source>
        <translation>{n} ・ the oldest {ago}</translation>
    </message>
    <message>
        <source>なし</source>
        <translation>None</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n}</translation>
    </message>
    <message>
        <source>時計のずれ</source>
        <translation>Clock difference</translation>
    </message>
    <message>
        <source>{n}分</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>同期しています</source>
        <translation>Syncing</translation>
    </message>
    <message>
        <source>{n}件を次の同期で送り直します</source>
        <translation>{n} will be sent again at the next sync</translation>
    </message>
    <message>
        <source>{n}件の送信をやめました。記録は残っています。</source>
        <translation>{n} will not be sent. The records stay.</translation>
    </message>
    <message>
        <source>直しました。次の同期で送ります。</source>
        <translation>Corrected. It goes with the next sync.</translation>
    </message>
    <message>
        <source>{n}件を付け替えました。次の同期で送ります。</source>
        <translation>{n} moved. They go with the next sync.</translation>
    </message>
    <message>
        <source>{n}件をメモとして次の同期で送ります</source>
        <translation>{n} go as notes with the next sync</translation>
    </message>
    <message>
        <source>CRMにあったと記録しました。もう送りません。</source>
        <translation>Noted that the CRM has it. It is not sent again.</translation>
    </message>
    <message>
        <source>{n}件の競合を決めました</source>
        <translation>{n} conflicts decided</translation>
    </message>
</context>
<context>
    <name>TeamPage</name>
    <message>
        <source>キュー</source>
        <translation>Queues</translation>
    </message>
    <message>
        <source>承認</source>
        <translation>Approvals</translation>
    </message>
    <message>
        <source>通話評価</source>
        <translation>Talk evaluation</translation>
    </message>
    <message>
        <source>代行</source>
        <translation>Cover</translation>
    </message>
    <message>
        <source>チーム</source>
        <translation>Team</translation>
    </message>
    <message>
        <source>握り直し会議</source>
        <translation>Alignment meeting</translation>
    </message>
    <message>
        <source>週次の会議と月次レビューの資料(M)</source>
        <translation>The pack of the weekly meeting and the monthly review (M)</translation>
    </message>
    <message>
        <source>承認 {n}</source>
        <translation>Approvals {n}</translation>
    </message>
    <message>
        <source>通話評価 {n}</source>
        <translation>Talk evaluation {n}</translation>
    </message>
    <message>
        <source>代行 {n}</source>
        <translation>Cover {n}</translation>
    </message>
</context>
<context>
    <name>TelephoneCard</name>
    <message>
        <source>電話</source>
        <translation>Telephone</translation>
    </message>
    <message>
        <source>確認しています</source>
        <translation>Looking</translation>
    </message>
    <message>
        <source>03… の形でかける</source>
        <translation>dial as 03…</translation>
    </message>
    <message>
        <source>この端末の電話アプリ(リンクで開く)</source>
        <translation>This computer&apos;s phone program (by a link)</translation>
    </message>
    <message>
        <source>baresip</source>
        <translation>baresip</translation>
    </message>
    <message>
        <source>Asterisk(AMI)</source>
        <translation>Asterisk (AMI)</translation>
    </message>
    <message>
        <source>番号</source>
        <translation>number</translation>
    </message>
    <message>
        <source>ドメイン</source>
        <translation>domain</translation>
    </message>
    <message>
        <source>ほかの電話アプリ(リンクの形を書く)</source>
        <translation>Another program (write its link)</translation>
    </message>
    <message>
        <source>標準</source>
        <translation>usual</translation>
    </message>
    <message>
        <source>かけ方</source>
        <translation>How to dial</translation>
    </message>
    <message>
        <source>リンクの形</source>
        <translation>Form of the link</translation>
    </message>
    <message>
        <source>リンク({number} に番号が入る)</source>
        <translation>Link ({number} is the number)</translation>
    </message>
    <message>
        <source>接続先</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>ポート</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>ユーザー名</source>
        <translation>User</translation>
    </message>
    <message>
        <source>パスワード</source>
        <translation>Password</translation>
    </message>
    <message>
        <source>自分の電話(チャネル)</source>
        <translation>Your telephone (channel)</translation>
    </message>
    <message>
        <source>発信のコンテキスト</source>
        <translation>Context to dial from</translation>
    </message>
    <message>
        <source>SIPのドメイン</source>
        <translation>SIP domain</translation>
    </message>
    <message>
        <source>国内の番号</source>
        <translation>Numbers of Japan</translation>
    </message>
    <message>
        <source>番号の前に付ける数字</source>
        <translation>Digits before the number</translation>
    </message>
    <message>
        <source>呼び出す秒数</source>
        <translation>Seconds to ring</translation>
    </message>
    <message>
        <source>接続を確かめる</source>
        <translation>Test the connection</translation>
    </message>
    <message>
        <source>保存して使う</source>
        <translation>Save and use</translation>
    </message>
    <message>
        <source>baresip と Asterisk では、呼出・応答・終了と時間が自動で記録に入り、合う架電結果が提案されます。パスワードは暗号化してこの端末に保存します。</source>
        <translation>With baresip and Asterisk, ringing, answer, end and times enter the record by themselves, and the outcome that fits is proposed. The password is kept encrypted on this computer.</translation>
    </message>
    <message>
        <source>保存済み</source>
        <translation>Saved</translation>
    </message>
    <message>
        <source>127.0.0.1(この端末)</source>
        <translation>127.0.0.1 (this computer)</translation>
    </message>
    <message>
        <source>この端末の電話アプリでかけます。結果と時間は手で記録します。</source>
        <translation>Calls go through this computer&apos;s phone program; outcome and times are recorded by hand.</translation>
    </message>
    <message>
        <source>電話につながっています。</source>
        <translation>The telephone is connected.</translation>
    </message>
    <message>
        <source>電話につないでいます。</source>
        <translation>Connecting to the telephone.</translation>
    </message>
    <message>
        <source>つながりました。「保存して使う」で使い始めます。</source>
        <translation>Connected. Save to use it.</translation>
    </message>
    <message>
        <source>電話の設定を保存しました。F5 でこの電話からかけます。</source>
        <translation>Telephone saved. F5 dials with it.</translation>
    </message>
    <message>
        <source>「{field}」を確かめてください。</source>
        <translation>Check “{field}”.</translation>
    </message>
    <message>
        <source>確かめています</source>
        <translation>Testing</translation>
    </message>
</context>
<context>
    <name>TimeRow</name>
    <message>
        <source>例: 明日 14:00 / 12/3 15時 / 30分後</source>
        <translation>e.g. tomorrow 14:00 / 12/3 15:00 / in 30 minutes</translation>
    </message>
    <message>
        <source>(休業日)</source>
        <translation>(closed)</translation>
    </message>
</context>
<context>
    <name>TimelineTab</name>
    <message>
        <source>履歴</source>
        <translation>Timeline</translation>
    </message>
    <message>
        <source>まだ接触がありません。</source>
        <translation>No touches yet.</translation>
    </message>
    <message>
        <source>すべて</source>
        <translation>All</translation>
    </message>
    <message>
        <source>接触</source>
        <translation>Touches</translation>
    </message>
    <message>
        <source>反応</source>
        <translation>Signals</translation>
    </message>
    <message>
        <source>変更</source>
        <translation>Changes</translation>
    </message>
    <message>
        <source>引き継ぎ</source>
        <translation>Handoff</translation>
    </message>
</context>
<context>
    <name>Tonight</name>
    <message>
        <source>今夜送られるもの</source>
        <translation>What goes out tonight</translation>
    </message>
    <message>
        <source>送信待ちのメール</source>
        <translation>Mails that wait</translation>
    </message>
    <message>
        <source>予約</source>
        <translation>Scheduled</translation>
    </message>
    <message>
        <source>今夜</source>
        <translation>Tonight</translation>
    </message>
    <message>
        <source>いつ送るか</source>
        <translation>Leaves</translation>
    </message>
    <message>
        <source>宛先</source>
        <translation>To</translation>
    </message>
    <message>
        <source>件名</source>
        <translation>Subject</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>今夜 {n}通</source>
        <translation>{n} tonight</translation>
    </message>
    <message>
        <source> ・ 予約 {n}通</source>
        <translation> ・ {n} scheduled</translation>
    </message>
    <message>
        <source>アカウントが断られて停止中</source>
        <translation>Paused: the account is refused</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>取り消し</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>今日 {dials} 架電 ・ 通電 {answered} ・ アポ {meetings}</source>
        <translation>Today {dials} dials · {answered} answered · {meetings} meetings</translation>
    </message>
    <message>
        <source>架電 {dials} ・ 通電 {answered} ・ 接続 {reached} ・ アポ {meetings}</source>
        <translation>{dials} dials · {answered} answered · {reached} decision makers · {meetings} meetings</translation>
    </message>
    <message>
        <source>商談の確認 {n}件</source>
        <translation>{n} meetings to confirm</translation>
    </message>
    <message>
        <source>次の営業日の商談を、お客様に確認する(一日の締めを開く)</source>
        <translation>Confirm the meetings of the next business day with the customers (opens the day&apos;s end)</translation>
    </message>
    <message>
        <source>SLA {n}件 至急</source>
        <translation>SLA: {n} urgent</translation>
    </message>
    <message>
        <source>初回対応の期限が近い、または過ぎたリードを表示</source>
        <translation>Show leads whose first response is due soon or late</translation>
    </message>
    <message>
        <source>取り消す: {what}</source>
        <translation>Undo: {what}</translation>
    </message>
    <message>
        <source>取り消せる操作はありません</source>
        <translation>There is nothing to undo</translation>
    </message>
    <message>
        <source>設定を開く</source>
        <translation>Open the settings</translation>
    </message>
</context>
<context>
    <name>TouchPanel</name>
    <message>
        <source>電話以外の接触</source>
        <translation>Other channels</translation>
    </message>
    <message>
        <source>チャネル</source>
        <translation>Channel</translation>
    </message>
    <message>
        <source>結果</source>
        <translation>Outcome</translation>
    </message>
    <message>
        <source>プロフィールを開く</source>
        <translation>Open profile</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>メモはそのまま接触の記録に付きます</source>
        <translation>The note goes along with it</translation>
    </message>
    <message>
        <source>プロフィール未登録(F2 で登録)</source>
        <translation>No profile on record (F2 to add)</translation>
    </message>
</context>
<context>
    <name>Touches</name>
    <message>
        <source>このリンクは開けません。LinkedInとXのhttpsのアドレスだけを開きます。</source>
        <translation>This link cannot be opened. Only https addresses of LinkedIn and X are.</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>isdeskを開く</source>
        <translation>Open isdesk</translation>
    </message>
    <message>
        <source>最後の通知を後で</source>
        <translation>Remind me later</translation>
    </message>
</context>
<context>
    <name>Trend</name>
    <message>
        <source>推移: {figure}</source>
        <translation>Trend: {figure}</translation>
    </message>
    <message>
        <source>目標</source>
        <translation>Target</translation>
    </message>
    <message>
        <source>月</source>
        <translation>Month</translation>
    </message>
    <message>
        <source>最新 {last}</source>
        <translation>Latest {last}</translation>
    </message>
    <message>
        <source>最新 {last} ・ 帯は95 %区間、白丸は100件未満</source>
        <translation>Latest {last} ・ band: 95% interval, hollow: under 100</translation>
    </message>
    <message>
        <source>期間の初日</source>
        <translation>First day</translation>
    </message>
    <message>
        <source>値</source>
        <translation>Value</translation>
    </message>
</context>
<context>
    <name>TrialBar</name>
    <message>
        <source>Aに決める</source>
        <translation>Take A</translation>
    </message>
    <message>
        <source>試すのを終えて、元の文面(A)に決める</source>
        <translation>End the trial and keep the script&apos;s own wording (A)</translation>
    </message>
    <message>
        <source>Bに決める</source>
        <translation>Take B</translation>
    </message>
    <message>
        <source>試すのを終えて、試した文面(B)に決める</source>
        <translation>End the trial and take the wording that was tried (B)</translation>
    </message>
    <message>
        <source>比べている文面</source>
        <translation>Wordings compared</translation>
    </message>
    <message>
        <source>Bで言い方を変えた段階: {steps}</source>
        <translation>Worded anew in B: {steps}</translation>
    </message>
    <message>
        <source>リードの半分ずつが、比べている間いつも同じ文面を聞きます。</source>
        <translation>Each half of the leads hears the same wording for as long as they are compared.</translation>
    </message>
    <message>
        <source>今日のキュー: {split}</source>
        <translation>Today&apos;s queue: {split}</translation>
    </message>
    <message>
        <source>これまでの架電: {split}</source>
        <translation>Calls so far: {split}</translation>
    </message>
    <message>
        <source>A 0件 ・ B 0件</source>
        <translation>A 0 · B 0</translation>
    </message>
    <message>
        <source>A {a}件({p}%) ・ B {b}件({q}%)</source>
        <translation>A {a} ({p} %) · B {b} ({q} %)</translation>
    </message>
</context>
<context>
    <name>Typed</name>
    <message>
        <source>保存できませんでした。</source>
        <translation>It could not be saved.</translation>
    </message>
</context>
<context>
    <name>Undoing</name>
    <message>
        <source>操作</source>
        <translation>Action</translation>
    </message>
    <message>
        <source>通話中です。もう一度 Ctrl+Z で取り消します: {what}</source>
        <translation>You are on a call. Ctrl+Z again undoes: {what}</translation>
    </message>
    <message>
        <source>通話中です。もう一度 Ctrl+Y でやり直します: {what}</source>
        <translation>You are on a call. Ctrl+Y again redoes: {what}</translation>
    </message>
    <message>
        <source>やり直せる操作はありません</source>
        <translation>There is nothing to redo</translation>
    </message>
    <message>
        <source>取り消せる操作はありません</source>
        <translation>There is nothing to undo</translation>
    </message>
    <message>
        <source>やり直しました: {what}</source>
        <translation>Redone: {what}</translation>
    </message>
    <message>
        <source>取り消しました: {what}</source>
        <translation>Undone: {what}</translation>
    </message>
</context>
<context>
    <name>UnknownCalls</name>
    <message>
        <source>リードに付いていない着信が{n}件あります。</source>
        <translation>Incoming calls without a lead: {n}</translation>
    </message>
    <message>
        <source>通話は架電結果を、不在着信はかけ直しを待っています。</source>
        <translation>Talks wait for their outcome, missed calls to be called back.</translation>
    </message>
    <message>
        <source>リードに付ける Shift+F9</source>
        <translation>Put to a lead Shift+F9</translation>
    </message>
    <message>
        <source>リードに付いていない着信はありません。</source>
        <translation>No incoming call is without a lead.</translation>
    </message>
    <message>
        <source>この着信は記録しません。</source>
        <translation>Nothing is recorded of this call.</translation>
    </message>
    <message>
        <source>元に戻す  {key}</source>
        <translation>Take back  {key}</translation>
    </message>
    <message>
        <source>通話の架電結果を選んでください。</source>
        <translation>Choose the outcome of the call.</translation>
    </message>
    <message>
        <source>不在着信として記録しました。かけ直せます。</source>
        <translation>Recorded as a missed call; you can call back.</translation>
    </message>
</context>
<context>
    <name>Versions</name>
    <message>
        <source>比べる版がまだありません。</source>
        <translation>No versions to compare yet.</translation>
    </message>
    <message>
        <source>版</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>{newer} は {older} より良い: {points}</source>
        <translation>{newer} is better than {older}: {points}</translation>
    </message>
    <message>
        <source>{newer} は {older} より悪い: {points}</source>
        <translation>{newer} is worse than {older}: {points}</translation>
    </message>
    <message>
        <source>{newer} と {older} に差はありません: {points}</source>
        <translation>{newer} and {older} do not differ: {points}</translation>
    </message>
    <message>
        <source>{newer} と {older}: 今の件数では言えません。あと約{n}件ずつ必要です({points})</source>
        <translation>{newer} and {older}: too few to say; about {n} more of each are needed ({points})</translation>
    </message>
</context>
<context>
    <name>ViewMenu</name>
    <message>
        <source>ビュー</source>
        <translation>Views</translation>
    </message>
    <message>
        <source>保存したビュー(V)</source>
        <translation>Saved views (V)</translation>
    </message>
    <message>
        <source>いまの表示を保存…</source>
        <translation>Save what is shown…</translation>
    </message>
    <message>
        <source>ビューを消す</source>
        <translation>Delete a view</translation>
    </message>
    <message>
        <source>ビューを保存</source>
        <translation>Save the view</translation>
    </message>
    <message>
        <source>ビューの名前</source>
        <translation>Name of the view</translation>
    </message>
    <message>
        <source>ビュー「{name}」を保存しました</source>
        <translation>Saved the view &quot;{name}&quot;</translation>
    </message>
    <message>
        <source>ビュー「{name}」を消しました</source>
        <translation>Deleted the view &quot;{name}&quot;</translation>
    </message>
</context>
<context>
    <name>WaitPanel</name>
    <message>
        <source>いつまで</source>
        <translation>Until</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>決定</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>スキップ</source>
        <translation>Skip</translation>
    </message>
    <message>
        <source>後で</source>
        <translation>Later</translation>
    </message>
</context>
<context>
    <name>WholeForm</name>
    <message>
        <source>トークスクリプト</source>
        <translation>Talk script</translation>
    </message>
    <message>
        <source>名前</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>名前(英語)</source>
        <translation>Name (English)</translation>
    </message>
    <message>
        <source>このスクリプトで話すリード(すべて合うもの)</source>
        <translation>Leads that hear this script (all must hold)</translation>
    </message>
    <message>
        <source>条件がないので、ほかのスクリプトが合わないリードすべてに使います。</source>
        <translation>Without conditions it is for every lead that no other script fits.</translation>
    </message>
    <message>
        <source>優先順(大きいほど先)</source>
        <translation>Rank (higher first)</translation>
    </message>
    <message>
        <source>新しいスクリプトです。</source>
        <translation>A new script.</translation>
    </message>
    <message>
        <source>版 v{n}(いま使っている版のまま)</source>
        <translation>Version v{n} (the one in use)</translation>
    </message>
    <message>
        <source>版 v{n}(いまは v{now}。成果は版ごとに数えます)</source>
        <translation>Version v{n} (now v{now}; results are counted by version)</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>いまの文面で読む(Alt+B)</source>
        <translation>Read the present wording (Alt+B)</translation>
    </message>
    <message>
        <source>試す文面で読む(Alt+B)</source>
        <translation>Read the wording under trial (Alt+B)</translation>
    </message>
    <message>
        <source>このリードが聞くのは {which} です。</source>
        <translation>This lead hears {which}.</translation>
    </message>
</context>
<context>
    <name>_Form</name>
    <message>
        <source>やめる</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>_Line</name>
    <message>
        <source>項目</source>
        <translation>Field</translation>
    </message>
    <message>
        <source>比べ方</source>
        <translation>Comparison</translation>
    </message>
    <message>
        <source>値</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>この条件を外す</source>
        <translation>Take this condition out</translation>
    </message>
    <message>
        <source>値(、で区切る)</source>
        <translation>Values, parted by 、</translation>
    </message>
    <message>
        <source>、で区切ります。、や , を含む値は &quot;…&quot; で囲みます。</source>
        <translation>Parted by 、. A value that holds 、 or a comma stands in &quot;…&quot;.</translation>
    </message>
</context>
<context>
    <name>alignment</name>
    <message>
        <source>種類</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Lead</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>When</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Who</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>What</translation>
    </message>
    <message>
        <source>項目</source>
        <translation>Line</translation>
    </message>
    <message>
        <source>件数</source>
        <translation>Count</translation>
    </message>
    <message>
        <source>割合</source>
        <translation>Share</translation>
    </message>
    <message>
        <source>前の期間比</source>
        <translation>vs. before</translation>
    </message>
    <message>
        <source>推移(%)</source>
        <translation>Trend (%)</translation>
    </message>
    <message>
        <source>定義</source>
        <translation>Definition</translation>
    </message>
    <message>
        <source>いま</source>
        <translation>Now</translation>
    </message>
    <message>
        <source>外れた案件・ずれ</source>
        <translation>Cases and drift</translation>
    </message>
    <message>
        <source>お断り理由</source>
        <translation>Refusal</translation>
    </message>
    <message>
        <source>失注理由</source>
        <translation>Loss</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>前月</source>
        <translation>Before</translation>
    </message>
    <message>
        <source>増減</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>再開予定</source>
        <translation>Wakes</translation>
    </message>
    <message>
        <source>氏名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>会社</source>
        <translation>Company</translation>
    </message>
    <message>
        <source>決定</source>
        <translation>Decisions</translation>
    </message>
    <message>
        <source>新しい版</source>
        <translation>New version</translation>
    </message>
    <message>
        <source>変える定義: {key}</source>
        <translation>Definition to change: {key}</translation>
    </message>
    <message>
        <source>合意: {who}</source>
        <translation>Agreed by {who}</translation>
    </message>
    <message>
        <source>合意した人は記録されていません</source>
        <translation>Nobody is noted to have agreed</translation>
    </message>
    <message>
        <source>記録の確定後に、ほかの端末から届きました</source>
        <translation>Came from another device after the minutes were fixed</translation>
    </message>
    <message>
        <source>持ち越し</source>
        <translation>carried over</translation>
    </message>
    <message>
        <source>宿題</source>
        <translation>Action items</translation>
    </message>
    <message>
        <source>期限</source>
        <translation>Due</translation>
    </message>
    <message>
        <source>担当: {who} ・ 期限: {due}</source>
        <translation>{who}, due {due}</translation>
    </message>
    <message>
        <source>{period}から持ち越し</source>
        <translation>Carried over from {period}</translation>
    </message>
    <message>
        <source>完了 {at} {who}</source>
        <translation>Done {at} {who}</translation>
    </message>
</context>
<context>
    <name>commands</name>
    <message>
        <source>全体</source>
        <translation>Everywhere</translation>
    </message>
    <message>
        <source>ページ</source>
        <translation>Pages</translation>
    </message>
    <message>
        <source>キュー</source>
        <translation>Queue</translation>
    </message>
    <message>
        <source>架電</source>
        <translation>Call</translation>
    </message>
    <message>
        <source>架電結果</source>
        <translation>Call outcomes</translation>
    </message>
    <message>
        <source>トークスクリプト</source>
        <translation>Talk script</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Leads</translation>
    </message>
    <message>
        <source>チーム</source>
        <translation>Team</translation>
    </message>
    <message>
        <source>分析</source>
        <translation>Analysis</translation>
    </message>
    <message>
        <source>シーケンス</source>
        <translation>Sequences</translation>
    </message>
    <message>
        <source>握り直し会議</source>
        <translation>Alignment meeting</translation>
    </message>
    <message>
        <source>一日の締め</source>
        <translation>End of the day</translation>
    </message>
    <message>
        <source>検索とコマンド</source>
        <translation>Search and commands</translation>
    </message>
    <message>
        <source>取り消し</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>やり直し</source>
        <translation>Redo</translation>
    </message>
    <message>
        <source>今すぐ同期</source>
        <translation>Sync now</translation>
    </message>
    <message>
        <source>接続と項目の対応を見直す</source>
        <translation>Review connection and field map</translation>
    </message>
    <message>
        <source>要対応の記録を開く</source>
        <translation>Open what needs attention</translation>
    </message>
    <message>
        <source>メールの送信</source>
        <translation>Outgoing mail</translation>
    </message>
    <message>
        <source>断られたメールアカウントをもう一度試す</source>
        <translation>Try the refused mail account again</translation>
    </message>
    <message>
        <source>メールアカウント</source>
        <translation>Mail account</translation>
    </message>
    <message>
        <source>着信を受けてリードを開く</source>
        <translation>Take the incoming call and open its lead</translation>
    </message>
    <message>
        <source>着信をリードに付ける</source>
        <translation>Put the call to a lead</translation>
    </message>
    <message>
        <source>電話の設定</source>
        <translation>Set up the telephone</translation>
    </message>
    <message>
        <source>電話につなぎ直す</source>
        <translation>Connect the telephone again</translation>
    </message>
    <message>
        <source>FSの予定表をつなぐ</source>
        <translation>Connect the calendars of FS</translation>
    </message>
    <message>
        <source>今すぐバックアップ</source>
        <translation>Back up now</translation>
    </message>
    <message>
        <source>色覚に配慮した色に切り替え</source>
        <translation>Switch to the colour-blind safe colours or back</translation>
    </message>
    <message>
        <source>明るい・暗い表示を切り替え</source>
        <translation>Switch between light and dark</translation>
    </message>
    <message>
        <source>最後のお知らせを後で</source>
        <translation>Put the last reminder off</translation>
    </message>
    <message>
        <source>お知らせのボタンを押す</source>
        <translation>Press the notice&apos;s button</translation>
    </message>
    <message>
        <source>次のお知らせ</source>
        <translation>Next notice</translation>
    </message>
    <message>
        <source>お知らせを閉じる</source>
        <translation>Close the notice</translation>
    </message>
    <message>
        <source>下の知らせのボタンを押す</source>
        <translation>Press the button of the message below</translation>
    </message>
    <message>
        <source>画面をロック</source>
        <translation>Lock the window</translation>
    </message>
    <message>
        <source>終了</source>
        <translation>Quit</translation>
    </message>
    <message>
        <source>次のリードを選ぶ</source>
        <translation>Choose the next lead</translation>
    </message>
    <message>
        <source>前のリードを選ぶ</source>
        <translation>Choose the previous lead</translation>
    </message>
    <message>
        <source>いちばん上のリードへ</source>
        <translation>Go to the lead at the top</translation>
    </message>
    <message>
        <source>順位の理由を見る</source>
        <translation>Explain the rank</translation>
    </message>
    <message>
        <source>並び替えを今すぐ反映</source>
        <translation>Re-rank now</translation>
    </message>
    <message>
        <source>保留中のリードを表示</source>
        <translation>Show leads on hold</translation>
    </message>
    <message>
        <source>絞り込みを切り替え</source>
        <translation>Change the filter</translation>
    </message>
    <message>
        <source>保存したビューをキューにする</source>
        <translation>Work a saved view as the queue</translation>
    </message>
    <message>
        <source>固定・固定を外す</source>
        <translation>Pin or unpin</translation>
    </message>
    <message>
        <source>後で</source>
        <translation>Later</translation>
    </message>
    <message>
        <source>スキップ</source>
        <translation>Skip</translation>
    </message>
    <message>
        <source>同じ人のリードを統合(名寄せ)</source>
        <translation>Merge leads of one person</translation>
    </message>
    <message>
        <source>架電する</source>
        <translation>Dial</translation>
    </message>
    <message>
        <source>通話を終える</source>
        <translation>End the call</translation>
    </message>
    <message>
        <source>提案された架電結果で記録</source>
        <translation>Record the proposed outcome</translation>
    </message>
    <message>
        <source>電話番号をコピー</source>
        <translation>Copy the number</translation>
    </message>
    <message>
        <source>電話以外の接触を記録</source>
        <translation>Log a contact over another channel</translation>
    </message>
    <message>
        <source>架電メモへ移動</source>
        <translation>Go to the call note</translation>
    </message>
    <message>
        <source>閉じる・発信取消</source>
        <translation>Close, or cancel the call</translation>
    </message>
    <message>
        <source>応答者を切り替え</source>
        <translation>Change who answered</translation>
    </message>
    <message>
        <source>検証質問へ移動</source>
        <translation>Go to the questions</translation>
    </message>
    <message>
        <source>メールの同意の台帳</source>
        <translation>Ledger of consent to mail</translation>
    </message>
    <message>
        <source>メールを書く</source>
        <translation>Write a mail</translation>
    </message>
    <message>
        <source>シーケンスに入れる・止める</source>
        <translation>Put into a sequence, or stop it</translation>
    </message>
    <message>
        <source>商談の招待をメールで送る</source>
        <translation>Send the invitation to the meeting by mail</translation>
    </message>
    <message>
        <source>商談の招待を保存(.ics)</source>
        <translation>Save the invitation to the meeting (.ics)</translation>
    </message>
    <message>
        <source>項目を編集</source>
        <translation>Edit fields</translation>
    </message>
    <message>
        <source>情報を表示</source>
        <translation>Show facts</translation>
    </message>
    <message>
        <source>履歴を表示</source>
        <translation>Show timeline</translation>
    </message>
    <message>
        <source>引き継ぎを表示</source>
        <translation>Show handoff</translation>
    </message>
    <message>
        <source>引き継ぎを作成・引き渡し</source>
        <translation>Make or submit the handoff</translation>
    </message>
    <message>
        <source>結果キー</source>
        <translation>Outcome key</translation>
    </message>
    <message>
        <source>結果キー(リードにとどまる)</source>
        <translation>Outcome key (stay with the lead)</translation>
    </message>
    <message>
        <source>すべての結果から選ぶ</source>
        <translation>Choose from all outcomes</translation>
    </message>
    <message>
        <source>スクリプトの次の段階</source>
        <translation>Next phase of the script</translation>
    </message>
    <message>
        <source>スクリプトの前の段階</source>
        <translation>Previous phase of the script</translation>
    </message>
    <message>
        <source>スクリプトのリンクを開く</source>
        <translation>Open a link of the script</translation>
    </message>
    <message>
        <source>切り返しを開く</source>
        <translation>Open an objection</translation>
    </message>
    <message>
        <source>リードを追加</source>
        <translation>Add a lead</translation>
    </message>
    <message>
        <source>ファイルから取り込む</source>
        <translation>Import from a file</translation>
    </message>
    <message>
        <source>リードを書き出す</source>
        <translation>Export leads</translation>
    </message>
    <message>
        <source>引き継ぎ</source>
        <translation>Handoff</translation>
    </message>
    <message>
        <source>取り込み</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>定義</source>
        <translation>Definitions</translation>
    </message>
    <message>
        <source>同期</source>
        <translation>Sync</translation>
    </message>
    <message>
        <source>設定</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>ヘルプ</source>
        <translation>Help</translation>
    </message>
    <message>
        <source>導入の90日</source>
        <translation>Introduction in 90 days</translation>
    </message>
    <message>
        <source>一日の締めと日報</source>
        <translation>End of the day and daily report</translation>
    </message>
    <message>
        <source>CRMに接続</source>
        <translation>Connect to a CRM</translation>
    </message>
    <message>
        <source>定義の中を探す</source>
        <translation>Search the definitions</translation>
    </message>
    <message>
        <source>定義をPDFで保存</source>
        <translation>Save the definitions as PDF</translation>
    </message>
    <message>
        <source>別の定義を選ぶ</source>
        <translation>Choose other definitions</translation>
    </message>
    <message>
        <source>定義を変更する</source>
        <translation>Change the definitions</translation>
    </message>
    <message>
        <source>トークスクリプトとメールを編集</source>
        <translation>Edit talk scripts and mails</translation>
    </message>
    <message>
        <source>スクリプト: 分岐を足す</source>
        <translation>Script: add a branch</translation>
    </message>
    <message>
        <source>スクリプト: ステップを足す</source>
        <translation>Script: add a step</translation>
    </message>
    <message>
        <source>スクリプト: 切り返しを足す</source>
        <translation>Script: add an objection</translation>
    </message>
    <message>
        <source>スクリプト: 別の言い方を試す・試すのをやめる</source>
        <translation>Script: try another wording, or end that</translation>
    </message>
    <message>
        <source>スクリプト: 比べている文面をAに決める</source>
        <translation>Script: take wording A</translation>
    </message>
    <message>
        <source>スクリプト: 比べている文面をBに決める</source>
        <translation>Script: take wording B</translation>
    </message>
    <message>
        <source>スクリプト: プレビューをAとBで切り替える</source>
        <translation>Script: turn the preview to the other wording</translation>
    </message>
    <message>
        <source>スクリプト・メールテンプレートを足す</source>
        <translation>Add a script or mail template</translation>
    </message>
    <message>
        <source>スクリプト: 分岐・ステップ・切り返しを外す</source>
        <translation>Script: take a branch, step or objection out</translation>
    </message>
    <message>
        <source>スクリプト: 次の問題へ</source>
        <translation>Script: next problem</translation>
    </message>
    <message>
        <source>スクリプト: 流れへ移る</source>
        <translation>Script: go to its outline</translation>
    </message>
    <message>
        <source>スクリプト: プレビューを次へ</source>
        <translation>Script: preview on</translation>
    </message>
    <message>
        <source>スクリプト: プレビューを前へ</source>
        <translation>Script: preview back</translation>
    </message>
    <message>
        <source>定義の提案と署名を見る</source>
        <translation>Show proposals and signatures of definitions</translation>
    </message>
    <message>
        <source>定義と実態のずれを見る</source>
        <translation>See the drift from the definitions</translation>
    </message>
    <message>
        <source>定義の変更を提案する</source>
        <translation>Propose the change of definitions</translation>
    </message>
    <message>
        <source>定義の変更の影響を見る</source>
        <translation>Show the effect of the change of definitions</translation>
    </message>
    <message>
        <source>取り込むファイルを選ぶ</source>
        <translation>Choose a file to import</translation>
    </message>
    <message>
        <source>反応(意欲)の一覧を取り込む</source>
        <translation>Take intent events in</translation>
    </message>
    <message>
        <source>取り込みを先へ進める</source>
        <translation>Import: next step</translation>
    </message>
    <message>
        <source>取り込みを前に戻す</source>
        <translation>Import: step back</translation>
    </message>
    <message>
        <source>リードを絞り込む</source>
        <translation>Filter leads</translation>
    </message>
    <message>
        <source>次の列で並べ替え</source>
        <translation>Sort by the next column</translation>
    </message>
    <message>
        <source>並び順を逆に</source>
        <translation>Turn the order round</translation>
    </message>
    <message>
        <source>選択の担当を変更</source>
        <translation>Change the owner of the selection</translation>
    </message>
    <message>
        <source>選択を後で</source>
        <translation>Snooze the selection</translation>
    </message>
    <message>
        <source>選択を固定</source>
        <translation>Pin the selection</translation>
    </message>
    <message>
        <source>選択のメールの同意を記録</source>
        <translation>Note the basis of mail for the selection</translation>
    </message>
    <message>
        <source>選択を架電禁止に</source>
        <translation>Do not call the selection</translation>
    </message>
    <message>
        <source>表のリードを書き出す</source>
        <translation>Export the leads of the table</translation>
    </message>
    <message>
        <source>競合: 自分の値にする</source>
        <translation>Conflict: use mine</translation>
    </message>
    <message>
        <source>競合: 相手の値のまま</source>
        <translation>Conflict: keep theirs</translation>
    </message>
    <message>
        <source>競合: 別の値にする</source>
        <translation>Conflict: another value</translation>
    </message>
    <message>
        <source>競合: 同じ項目をまとめて</source>
        <translation>Conflict: decide those alike</translation>
    </message>
    <message>
        <source>要対応: 値を直す</source>
        <translation>Attention: correct a value</translation>
    </message>
    <message>
        <source>要対応: 別のリードに付け替える</source>
        <translation>Attention: move to another lead</translation>
    </message>
    <message>
        <source>要対応: メモだけ残す</source>
        <translation>Attention: note only</translation>
    </message>
    <message>
        <source>要対応: CRMにあったと記録</source>
        <translation>Attention: it is in the CRM</translation>
    </message>
    <message>
        <source>選んだ記録を送り直す</source>
        <translation>Send the selected records again</translation>
    </message>
    <message>
        <source>接続を見直す</source>
        <translation>Review the connection</translation>
    </message>
    <message>
        <source>次のタブ</source>
        <translation>Next tab</translation>
    </message>
    <message>
        <source>接続: 次へ</source>
        <translation>Connection: next</translation>
    </message>
    <message>
        <source>接続: 戻る</source>
        <translation>Connection: back</translation>
    </message>
    <message>
        <source>接続: ブラウザーでサインイン</source>
        <translation>Connection: sign in with the browser</translation>
    </message>
    <message>
        <source>日の指標</source>
        <translation>Figures of the day</translation>
    </message>
    <message>
        <source>週の指標</source>
        <translation>Figures of the week</translation>
    </message>
    <message>
        <source>月の指標</source>
        <translation>Figures of the month</translation>
    </message>
    <message>
        <source>期間を選ぶ</source>
        <translation>Choose a period</translation>
    </message>
    <message>
        <source>前の期間へ</source>
        <translation>To the previous period</translation>
    </message>
    <message>
        <source>次の期間へ</source>
        <translation>To the next period</translation>
    </message>
    <message>
        <source>次のまとめ方</source>
        <translation>Next grouping</translation>
    </message>
    <message>
        <source>指標の意味を見る</source>
        <translation>What a figure means</translation>
    </message>
    <message>
        <source>グループの表へ移動</source>
        <translation>Go to the table of groups</translation>
    </message>
    <message>
        <source>学習ループへ移動・切り替え</source>
        <translation>To the learning loop; once more: the other table</translation>
    </message>
    <message>
        <source>学習ループの次のまとめ方</source>
        <translation>Next grouping of the learning loop</translation>
    </message>
    <message>
        <source>表を次の列で並べ替え</source>
        <translation>Sort the table by the next column</translation>
    </message>
    <message>
        <source>指標を書き出す</source>
        <translation>Export the figures</translation>
    </message>
    <message>
        <source>費用を入力し単価を見る</source>
        <translation>Enter costs and see what each SQL costs</translation>
    </message>
    <message>
        <source>指標を1ページのPDFに</source>
        <translation>Figures as a PDF of one page</translation>
    </message>
    <message>
        <source>キュー・承認・通話評価・代行を切り替え</source>
        <translation>Queues, approvals, talk evaluation, cover</translation>
    </message>
    <message>
        <source>次の担当のキュー</source>
        <translation>Next rep’s queue</translation>
    </message>
    <message>
        <source>前の担当のキュー</source>
        <translation>Previous rep’s queue</translation>
    </message>
    <message>
        <source>要確認の種類を切り替え</source>
        <translation>Next kind of what needs a look</translation>
    </message>
    <message>
        <source>キューの中を探す</source>
        <translation>Find in the queues</translation>
    </message>
    <message>
        <source>保存したビューを選ぶ</source>
        <translation>Choose a saved view</translation>
    </message>
    <message>
        <source>選択を割り当て直す</source>
        <translation>Reassign the selected</translation>
    </message>
    <message>
        <source>選択を保留にする</source>
        <translation>Hold the selected</translation>
    </message>
    <message>
        <source>選択をキューの先頭に固定</source>
        <translation>Pin the selected on top</translation>
    </message>
    <message>
        <source>依頼を承認する</source>
        <translation>Approve the request</translation>
    </message>
    <message>
        <source>依頼を却下する</source>
        <translation>Refuse the request</translation>
    </message>
    <message>
        <source>自分の依頼を取り下げる</source>
        <translation>Withdraw your own request</translation>
    </message>
    <message>
        <source>依頼や通話のリードを開く</source>
        <translation>Open the lead of the request or call</translation>
    </message>
    <message>
        <source>握り直し会議を開く</source>
        <translation>Open the alignment meeting</translation>
    </message>
    <message>
        <source>不在の代行を設定</source>
        <translation>Set cover for an absence</translation>
    </message>
    <message>
        <source>見直し候補・評価済み・最近の通話を切り替え</source>
        <translation>Switch between calls to review, evaluated and recent ones</translation>
    </message>
    <message>
        <source>担当の評価した通話を開く</source>
        <translation>Open the evaluated calls of the rep</translation>
    </message>
    <message>
        <source>通話の評価に戻る</source>
        <translation>Back to the rubric</translation>
    </message>
    <message>
        <source>評価に返信する</source>
        <translation>Answer to the evaluation</translation>
    </message>
    <message>
        <source>評価を保存する</source>
        <translation>Save the evaluation</translation>
    </message>
    <message>
        <source>決定済みの依頼も表示</source>
        <translation>Show decided requests too</translation>
    </message>
    <message>
        <source>引き継ぎの絞り込みを切り替え</source>
        <translation>Narrow the handoffs</translation>
    </message>
    <message>
        <source>引き継ぎを受理する</source>
        <translation>Accept the handoff</translation>
    </message>
    <message>
        <source>引き継ぎを差し戻す</source>
        <translation>Return the handoff</translation>
    </message>
    <message>
        <source>商談を準備する</source>
        <translation>Prepare the meeting</translation>
    </message>
    <message>
        <source>引き継ぎメモを見る</source>
        <translation>See the handoff memo</translation>
    </message>
    <message>
        <source>商談のフィードバックを書く</source>
        <translation>Give feedback on the meeting</translation>
    </message>
    <message>
        <source>FSへ引き渡す</source>
        <translation>Hand over to FS</translation>
    </message>
    <message>
        <source>引き継ぎを取り下げる</source>
        <translation>Withdraw the handoff</translation>
    </message>
    <message>
        <source>リサイクルする</source>
        <translation>Recycle the lead</translation>
    </message>
    <message>
        <source>FSの指標へ移動</source>
        <translation>Go to the figures of FS</translation>
    </message>
    <message>
        <source>引き継ぎメモをコピー</source>
        <translation>Copy the handoff memo</translation>
    </message>
    <message>
        <source>引き継ぎメモをPDFに</source>
        <translation>Handoff memo as PDF</translation>
    </message>
    <message>
        <source>引き継ぎメモを印刷</source>
        <translation>Print the handoff memo</translation>
    </message>
    <message>
        <source>引き継ぎの一覧へ戻る</source>
        <translation>Back to the list of handoffs</translation>
    </message>
    <message>
        <source>握り直し会議(週)</source>
        <translation>Alignment meeting (week)</translation>
    </message>
    <message>
        <source>月次レビュー</source>
        <translation>Monthly review</translation>
    </message>
    <message>
        <source>前の週・月の会議へ</source>
        <translation>Meeting of the week or month before</translation>
    </message>
    <message>
        <source>次の週・月の会議へ</source>
        <translation>Meeting of the next week or month</translation>
    </message>
    <message>
        <source>資料の次の部分へ</source>
        <translation>Next part of the pack</translation>
    </message>
    <message>
        <source>決定を追加</source>
        <translation>Add a decision</translation>
    </message>
    <message>
        <source>宿題を追加</source>
        <translation>Add an action item</translation>
    </message>
    <message>
        <source>宿題を完了・未完了にする</source>
        <translation>Action item done or not done</translation>
    </message>
    <message>
        <source>決定した定義を変更</source>
        <translation>Change the definition decided on</translation>
    </message>
    <message>
        <source>決定と宿題へ移動</source>
        <translation>Go to decisions and action items</translation>
    </message>
    <message>
        <source>会議の記録を確定・確定を解く</source>
        <translation>Fix the minutes or open them again</translation>
    </message>
    <message>
        <source>会議の資料をPDFで保存</source>
        <translation>Save the pack as PDF</translation>
    </message>
    <message>
        <source>会議の資料をHTMLで保存</source>
        <translation>Save the pack as HTML</translation>
    </message>
    <message>
        <source>90日と診断を切り替え</source>
        <translation>Switch between 90 days and self-assessment</translation>
    </message>
    <message>
        <source>項目を済み・はいにする</source>
        <translation>Tick the item, or answer yes</translation>
    </message>
    <message>
        <source>項目にいいえと答える</source>
        <translation>Answer no</translation>
    </message>
    <message>
        <source>項目の答えを消す</source>
        <translation>Clear the answer</translation>
    </message>
    <message>
        <source>項目の担当と期限を決める</source>
        <translation>Give the item an owner and a date</translation>
    </message>
    <message>
        <source>導入の開始日を決める</source>
        <translation>Set the start of the introduction</translation>
    </message>
    <message>
        <source>導入の状況を文書で保存</source>
        <translation>Save the introduction as a document</translation>
    </message>
    <message>
        <source>日報をコピー</source>
        <translation>Copy the daily report</translation>
    </message>
    <message>
        <source>日報をメールで送る</source>
        <translation>Mail the daily report</translation>
    </message>
    <message>
        <source>日報を保存</source>
        <translation>Save the daily report</translation>
    </message>
    <message>
        <source>選んだリードにメールを書く</source>
        <translation>Write to the chosen lead</translation>
    </message>
    <message>
        <source>選んだ商談の招待を送る</source>
        <translation>Send the invitation to the chosen meeting</translation>
    </message>
    <message>
        <source>送信待ちのメールへ移る</source>
        <translation>Go to the mails that wait</translation>
    </message>
    <message>
        <source>日報のひとことを書く</source>
        <translation>Write remarks for the daily report</translation>
    </message>
    <message>
        <source>今日の締めを読み直す</source>
        <translation>Read the end of the day again</translation>
    </message>
    <message>
        <source>今日・実行中・終了を切り替え</source>
        <translation>Turn between today, running and ended</translation>
    </message>
    <message>
        <source>自分・チーム全員のシーケンスを切り替え</source>
        <translation>Turn between my sequences and the whole team&apos;s</translation>
    </message>
    <message>
        <source>キューやビューのリードをシーケンスに入れる</source>
        <translation>Put leads of the queue or a view into a sequence</translation>
    </message>
    <message>
        <source>シーケンスの次のメールを送る</source>
        <translation>Send the sequence&apos;s next mail</translation>
    </message>
    <message>
        <source>シーケンスの次のメールをメールソフトで送る</source>
        <translation>Send the sequence&apos;s next mail by the mail program</translation>
    </message>
    <message>
        <source>シーケンスの次の手順を飛ばす</source>
        <translation>Skip the sequence&apos;s next step</translation>
    </message>
    <message>
        <source>シーケンスの送信を引き取る</source>
        <translation>Take over the sequence&apos;s mails</translation>
    </message>
    <message>
        <source>シーケンスを止める</source>
        <translation>Stop the sequence</translation>
    </message>
    <message>
        <source>終了したシーケンスをさらに表示</source>
        <translation>Show more sequences that ended</translation>
    </message>
    <message>
        <source>シーケンスを読み直す</source>
        <translation>Read the sequences again</translation>
    </message>
</context>
<context>
    <name>conditions</name>
    <message>
        <source>が次と同じ</source>
        <translation>is</translation>
    </message>
    <message>
        <source>が次のどれかを含む</source>
        <translation>contains one of</translation>
    </message>
    <message>
        <source>が次のどれも含まない</source>
        <translation>contains none of</translation>
    </message>
    <message>
        <source>がわかっている</source>
        <translation>is known</translation>
    </message>
    <message>
        <source>がわかっていない</source>
        <translation>is not known</translation>
    </message>
    <message>
        <source>が次以上</source>
        <translation>is at least</translation>
    </message>
    <message>
        <source>が次以下</source>
        <translation>is at most</translation>
    </message>
    <message>
        <source>が次の間</source>
        <translation>is between</translation>
    </message>
</context>
<context>
    <name>connect</name>
    <message>
        <source>CRMにつないでいます</source>
        <translation>Connecting to the CRM</translation>
    </message>
    <message>
        <source>チームのメンバー</source>
        <translation>The team’s members</translation>
    </message>
    <message>
        <source>チームの定義</source>
        <translation>The team’s definitions</translation>
    </message>
    <message>
        <source>架電禁止・配信停止</source>
        <translation>Do-not-call and opt-outs</translation>
    </message>
    <message>
        <source>会社を受け取っています</source>
        <translation>Receiving companies</translation>
    </message>
    <message>
        <source>リードを受け取っています</source>
        <translation>Receiving leads</translation>
    </message>
    <message>
        <source>これまでの活動を受け取っています</source>
        <translation>Receiving past activities</translation>
    </message>
    <message>
        <source>引き継ぎを受け取っています</source>
        <translation>Receiving handoffs</translation>
    </message>
    <message>
        <source>この端末の記録を送っています</source>
        <translation>Sending this computer’s records</translation>
    </message>
    <message>
        <source>キューを並べています</source>
        <translation>Putting the queue in order</translation>
    </message>
    <message>
        <source>リードと商談をそのまま。活動は ToDo に書き込みます。ブラウザーでサインイン。</source>
        <translation>Leads and opportunities as they are; activities become tasks. Sign in with the browser.</translation>
    </message>
    <message>
        <source>管理者が「外部クライアントアプリケーション」を1つ作り、PKCEを有効にします。</source>
        <translation>An administrator makes one External Client App and turns PKCE on.</translation>
    </message>
    <message>
        <source>コールバックURLに {callback} を登録します。</source>
        <translation>They register {callback} as its callback URL.</translation>
    </message>
    <message>
        <source>できたコンシューマー鍵を、左の欄に貼り付けます。秘密鍵は要りません。</source>
        <translation>Paste its consumer key at the left. No secret is needed.</translation>
    </message>
    <message>
        <source>二重登録を防ぐため、活動に「外部ID・ユニーク」のテキスト項目を1つ足してもらいます。</source>
        <translation>To rule out duplicates, they add one text field to Activity: external id, unique.</translation>
    </message>
    <message>
        <source>コンタクト・会社・コール・取引。サービスキーでつなぎます。</source>
        <translation>Contacts, companies, calls and deals, by a Service Key.</translation>
    </message>
    <message>
        <source>管理者が 設定 → 連携 → サービスキー でキーを1つ作ります。</source>
        <translation>An administrator makes a key in Settings → Integrations → Service Keys.</translation>
    </message>
    <message>
        <source>コンタクト・会社・取引・コール・タスクの読み取りと書き込みを許可します。</source>
        <translation>They allow reading and writing of contacts, companies, deals, calls and tasks.</translation>
    </message>
    <message>
        <source>できたキーを左の欄に貼り付けます。あとから見直すときは入れ直す必要はありません。</source>
        <translation>Paste the key at the left. It need not be typed again later.</translation>
    </message>
    <message>
        <source>リードのアプリと、活動のアプリ。APIトークンでつなぎます。</source>
        <translation>One app for leads, one for activities, by API tokens.</translation>
    </message>
    <message>
        <source>リードと活動のアプリ(あれば企業・商談・タスクも)で、APIトークンを1つずつ作ります。</source>
        <translation>Make one API token in each app: leads, activities, and companies, deals, tasks where there are such.</translation>
    </message>
    <message>
        <source>どれも「閲覧・追加・編集・削除」を許可し、アプリを更新します。</source>
        <translation>Allow viewing, adding, editing and deleting in each, and update the apps.</translation>
    </message>
    <message>
        <source>トークンをカンマでつないで、左の欄に貼り付けます。</source>
        <translation>Paste the tokens at the left, with commas between them.</translation>
    </message>
    <message>
        <source>アプリの番号は、アプリを開いたときのアドレス /k/12/ の 12 です。</source>
        <translation>An app’s number is the 12 in its address /k/12/.</translation>
    </message>
    <message>
        <source>リード・活動・商談。バージョン19以降のAPIキーでつなぎます。</source>
        <translation>Leads, activities and opportunities, by an API key. Version 19 or later.</translation>
    </message>
    <message>
        <source>Odooの 設定 → アカウントのセキュリティ で、あなたのAPIキーを作ります。</source>
        <translation>In Odoo, make your API key in Preferences → Account Security.</translation>
    </message>
    <message>
        <source>キーの期限は最長3か月です。切れる前に、新しいキーに入れ替えてください。</source>
        <translation>A key lasts three months at most. Replace it before it ends.</translation>
    </message>
    <message>
        <source>データベース名は、サーバーに複数あるときだけ要ります。管理者に確かめてください。</source>
        <translation>The database’s name is needed only where the server has several. Ask your administrator.</translation>
    </message>
    <message>
        <source>チームハブ</source>
        <translation>Team hub</translation>
    </message>
    <message>
        <source>CRMがなくても、チームでリードを分け合えます。PostgreSQL、またはこの端末だけ。</source>
        <translation>Share leads in the team without a CRM: PostgreSQL, or this computer only.</translation>
    </message>
    <message>
        <source>チームで使うときは、管理者がPostgreSQLに空のデータベースを用意します。</source>
        <translation>For a team, an administrator provides an empty PostgreSQL database.</translation>
    </message>
    <message>
        <source>あなたのメールアドレスをハブに登録してもらってください。</source>
        <translation>Ask them to register your mail address in the hub.</translation>
    </message>
    <message>
        <source>この端末だけで使うときは、何も用意は要りません。</source>
        <translation>For this computer only, nothing needs to be prepared.</translation>
    </message>
    <message>
        <source>ファイル</source>
        <translation>Files</translation>
    </message>
    <message>
        <source>CRMにつなげない環境向け。リストを取り込み、結果をCSVで渡します。</source>
        <translation>Where no CRM can be reached: import lists, hand results over as CSV.</translation>
    </message>
    <message>
        <source>CRMが取り込むフォルダー(共有フォルダーなど)を管理者に用意してもらいます。</source>
        <translation>Ask an administrator for a folder that the CRM imports from (a shared one, say).</translation>
    </message>
    <message>
        <source>結果は1件1行で、このフォルダーのCSVに書き足します。二重には書きません。</source>
        <translation>Each result becomes one line of a CSV file there, never twice.</translation>
    </message>
    <message>
        <source>リードは「取り込み」からCSV・Excelで入れます。フォルダーからは読みません。</source>
        <translation>Leads come in by Import (CSV, Excel). Nothing is read from the folder.</translation>
    </message>
    <message>
        <source>Salesforceのアドレス</source>
        <translation>Salesforce address</translation>
    </message>
    <message>
        <source>コンシューマー鍵</source>
        <translation>Consumer key</translation>
    </message>
    <message>
        <source>アクセストークン(任意)</source>
        <translation>Access token (optional)</translation>
    </message>
    <message>
        <source>サービスキー</source>
        <translation>Service Key</translation>
    </message>
    <message>
        <source>あなたのメール</source>
        <translation>Your mail address</translation>
    </message>
    <message>
        <source>kintoneのアドレス</source>
        <translation>kintone address</translation>
    </message>
    <message>
        <source>リードのアプリ番号</source>
        <translation>App number: leads</translation>
    </message>
    <message>
        <source>活動のアプリ番号</source>
        <translation>App number: activities</translation>
    </message>
    <message>
        <source>企業のアプリ番号(任意)</source>
        <translation>App number: companies (optional)</translation>
    </message>
    <message>
        <source>商談のアプリ番号(任意)</source>
        <translation>App number: deals (optional)</translation>
    </message>
    <message>
        <source>タスクのアプリ番号(任意)</source>
        <translation>App number: tasks (optional)</translation>
    </message>
    <message>
        <source>APIトークン</source>
        <translation>API tokens</translation>
    </message>
    <message>
        <source>あなたのログイン名</source>
        <translation>Your login name</translation>
    </message>
    <message>
        <source>Odooのアドレス</source>
        <translation>Odoo address</translation>
    </message>
    <message>
        <source>データベース名(1つだけなら空欄)</source>
        <translation>Database (empty if only one)</translation>
    </message>
    <message>
        <source>APIキー</source>
        <translation>API key</translation>
    </message>
    <message>
        <source>書き出し先のフォルダー</source>
        <translation>Folder for results</translation>
    </message>
    <message>
        <source>接続先URL</source>
        <translation>Address (URL)</translation>
    </message>
    <message>
        <source>パスワード</source>
        <translation>Password</translation>
    </message>
    <message>
        <source>接続先</source>
        <translation>CRM</translation>
    </message>
    <message>
        <source>サインイン</source>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>確認</source>
        <translation>Check</translation>
    </message>
    <message>
        <source>項目の対応</source>
        <translation>Field map</translation>
    </message>
    <message>
        <source>範囲</source>
        <translation>Scope</translation>
    </message>
    <message>
        <source>はじめての同期</source>
        <translation>First sync</translation>
    </message>
    <message>
        <source>合っています</source>
        <translation>Fits</translation>
    </message>
    <message>
        <source>一部変換</source>
        <translation>With a loss</translation>
    </message>
    <message>
        <source>値の対応が未定</source>
        <translation>Values open</translation>
    </message>
    <message>
        <source>型が違います</source>
        <translation>Wrong type</translation>
    </message>
    <message>
        <source>CRMにない項目</source>
        <translation>Not in the CRM</translation>
    </message>
    <message>
        <source>対応なし</source>
        <translation>Not mapped</translation>
    </message>
    <message>
        <source>読み書きはできますが、時刻や長い文などの一部が失われることがあります。</source>
        <translation>It can be read and written, but a part (a time, a long text) may be lost.</translation>
    </message>
    <message>
        <source>CRMの選択肢のうち、isdeskの値が決まっていないものがあります。</source>
        <translation>Some of the CRM’s choices have no value of isdesk yet.</translation>
    </message>
    <message>
        <source>この項目の型では読み書きできません。別の項目を選んでください。</source>
        <translation>This type cannot be read or written. Choose another field.</translation>
    </message>
    <message>
        <source>この項目はCRMにありません(削除または名前の変更)。選び直してください。</source>
        <translation>The CRM has no such field (deleted or renamed). Choose again.</translation>
    </message>
    <message>
        <source>文字</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>長い文</source>
        <translation>Long text</translation>
    </message>
    <message>
        <source>数値</source>
        <translation>Number</translation>
    </message>
    <message>
        <source>はい/いいえ</source>
        <translation>Yes/No</translation>
    </message>
    <message>
        <source>日付</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>Date, time</translation>
    </message>
    <message>
        <source>選択肢</source>
        <translation>Choice</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>電話</source>
        <translation>Phone</translation>
    </message>
    <message>
        <source>URL</source>
        <translation>URL</translation>
    </message>
    <message>
        <source>担当者</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>法人番号</source>
        <translation>Corporate no.</translation>
    </message>
    <message>
        <source>データ</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>両方向</source>
        <translation>Both ways</translation>
    </message>
    <message>
        <source>受信だけ</source>
        <translation>In only</translation>
    </message>
    <message>
        <source>送信だけ</source>
        <translation>Out only</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Leads</translation>
    </message>
    <message>
        <source>会社</source>
        <translation>Companies</translation>
    </message>
    <message>
        <source>活動</source>
        <translation>Activities</translation>
    </message>
    <message>
        <source>サインインを確かめています</source>
        <translation>Checking the sign-in</translation>
    </message>
    <message>
        <source>権限と設定を確かめています(試しの活動を1件作って消します)</source>
        <translation>Checking rights and settings (a test activity is made and removed)</translation>
    </message>
    <message>
        <source>CRMの項目を読んでいます</source>
        <translation>Reading the CRM’s fields</translation>
    </message>
    <message>
        <source>最近のレコードを読んでいます</source>
        <translation>Reading recent records</translation>
    </message>
    <message>
        <source>件数を数えています</source>
        <translation>Counting</translation>
    </message>
</context>
<context>
    <name>day</name>
    <message>
        <source>次回アクションなし</source>
        <translation>No next action</translation>
    </message>
    <message>
        <source>守れていない約束</source>
        <translation>Promise not kept</translation>
    </message>
    <message>
        <source>架電結果のない通話</source>
        <translation>Call without an outcome</translation>
    </message>
    <message>
        <source>送ると約束した資料</source>
        <translation>Promised material</translation>
    </message>
    <message>
        <source>商談の確認</source>
        <translation>Meeting to confirm</translation>
    </message>
    <message>
        <source>招待未送信</source>
        <translation>Invitation not sent</translation>
    </message>
    <message>
        <source>不明のメール(要確認)</source>
        <translation>Mail in doubt</translation>
    </message>
    <message>
        <source>送れなかったメール</source>
        <translation>Mail not sent</translation>
    </message>
    <message>
        <source>要対応の記録</source>
        <translation>Record that needs you</translation>
    </message>
    <message>
        <source>未完了の引き継ぎ</source>
        <translation>Handoff not submitted</translation>
    </message>
    <message>
        <source>期限の来たメール</source>
        <translation>Mail that is due</translation>
    </message>
    <message>
        <source>書きかけのメール</source>
        <translation>Unsent draft</translation>
    </message>
    <message>
        <source>結果のないメモ</source>
        <translation>Memo without an outcome</translation>
    </message>
    <message>
        <source>番号非通知</source>
        <translation>Number withheld</translation>
    </message>
</context>
<context>
    <name>definitions</name>
    <message>
        <source>文章の値</source>
        <translation>Text values</translation>
    </message>
    <message>
        <source>リードステージ</source>
        <translation>Lead stages</translation>
    </message>
    <message>
        <source>架電結果</source>
        <translation>Call outcomes</translation>
    </message>
    <message>
        <source>架電結果の分類</source>
        <translation>Outcome groups</translation>
    </message>
    <message>
        <source>再架電ルール</source>
        <translation>Retry policy</translation>
    </message>
    <message>
        <source>時間帯</source>
        <translation>Slots</translation>
    </message>
    <message>
        <source>架電の上限</source>
        <translation>Call limits</translation>
    </message>
    <message>
        <source>架電可能時間帯</source>
        <translation>Calling windows</translation>
    </message>
    <message>
        <source>営業日カレンダー</source>
        <translation>Work calendar</translation>
    </message>
    <message>
        <source>SLA(合意基準)</source>
        <translation>SLA</translation>
    </message>
    <message>
        <source>スコア</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>反応の点数</source>
        <translation>Points of signals</translation>
    </message>
    <message>
        <source>引き継ぎチェック</source>
        <translation>Handoff checklist</translation>
    </message>
    <message>
        <source>RACI表</source>
        <translation>RACI</translation>
    </message>
    <message>
        <source>トークスクリプト</source>
        <translation>Talk script</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>流入経路</source>
        <translation>Lead source</translation>
    </message>
    <message>
        <source>追加の項目</source>
        <translation>Own fields</translation>
    </message>
    <message>
        <source>その他</source>
        <translation>Other</translation>
    </message>
    <message>
        <source>マーケティング</source>
        <translation>Marketing</translation>
    </message>
    <message>
        <source>IS</source>
        <translation>IS</translation>
    </message>
    <message>
        <source>FS</source>
        <translation>FS</translation>
    </message>
</context>
<context>
    <name>diagnosis</name>
    <message>
        <source>トークスクリプトを見直す</source>
        <translation>Revise the talk script</translation>
    </message>
    <message>
        <source>架電する時間帯を変える</source>
        <translation>Call at other hours</translation>
    </message>
    <message>
        <source>トークの内容を確かめる</source>
        <translation>Listen to the talks</translation>
    </message>
    <message>
        <source>SLAを調整する</source>
        <translation>Adjust the SLA</translation>
    </message>
    <message>
        <source>提案の進め方を見直す</source>
        <translation>Revise how proposals are made</translation>
    </message>
    <message>
        <source>資料を見直す</source>
        <translation>Revise the material</translation>
    </message>
    <message>
        <source>段階ごとの漏れを探す</source>
        <translation>Look for leaks step by step</translation>
    </message>
    <message>
        <source>架電量</source>
        <translation>Dials</translation>
    </message>
    <message>
        <source>通電率</source>
        <translation>Answer rate</translation>
    </message>
    <message>
        <source>接続率</source>
        <translation>Connect rate</translation>
    </message>
    <message>
        <source>アポの獲得</source>
        <translation>Meetings set</translation>
    </message>
    <message>
        <source>引き渡し</source>
        <translation>Handoffs</translation>
    </message>
    <message>
        <source>95 %区間 {low}–{high} %</source>
        <translation>95% interval {low}–{high}%</translation>
    </message>
    <message>
        <source>目標から最も遠いのは **{name}** です。</source>
        <translation>Farthest from its target: **{name}**.</translation>
    </message>
    <message>
        <source>{value}(目標 {target}、**{gap} pt**、n = {n}、{around})。</source>
        <translation>{value} (target {target}, **{gap} pt**, n = {n}, {around}).</translation>
    </message>
    <message>
        <source>目標に届いているかは、今の件数では言えません。</source>
        <translation>Too few to say whether the targets are met.</translation>
    </message>
    <message>
        <source>目標を確かに下回っている段階はありません。</source>
        <translation>No step is surely below its target.</translation>
    </message>
    <message>
        <source>{day} の週から目標を下回ったままです。</source>
        <translation>Below target since the week of {day}.</translation>
    </message>
    <message>
        <source>最も低いのは **{segment}** の {rate} です。</source>
        <translation>Lowest: **{segment}** with {rate}.</translation>
    </message>
    <message>
        <source>SQL件数の変化の内訳は、今の件数では言えません({span} との比較)。</source>
        <translation>Too few to say what the change in SQLs is made of (compared with {span}).</translation>
    </message>
    <message>
        <source>SQL件数は {before}件 から {after}件(**{change}件**、{span} 比)。内訳: {causes}。</source>
        <translation>SQLs went from {before} to {after} (**{change}**, against {span}). Causes: {causes}.</translation>
    </message>
    <message>
        <source>この差は偶然の範囲です。</source>
        <translation>This difference may be chance.</translation>
    </message>
</context>
<context>
    <name>doubts</name>
    <message>
        <source>{who}さんの返信は、配信停止のご希望かもしれません。配信停止として記録しますか。</source>
        <translation>The reply of {who} may ask for no more mail. Note it as an opt-out?</translation>
    </message>
    <message>
        <source>配信停止として記録</source>
        <translation>Note as opt-out</translation>
    </message>
    <message>
        <source>{who}さんを配信停止にしました。Ctrl+Z で戻せます。</source>
        <translation>{who} gets no more mail. Ctrl+Z takes it back.</translation>
    </message>
</context>
<context>
    <name>figures</name>
    <message>
        <source>接続率(架電比)</source>
        <translation>Connect rate (per dial)</translation>
    </message>
    <message>
        <source>獲得率</source>
        <translation>Meeting rate</translation>
    </message>
    <message>
        <source>受理率</source>
        <translation>Acceptance rate</translation>
    </message>
    <message>
        <source>接触件数</source>
        <translation>Contacts</translation>
    </message>
    <message>
        <source>反応率</source>
        <translation>Response rate</translation>
    </message>
    <message>
        <source>期限内</source>
        <translation>In time</translation>
    </message>
    <message>
        <source>期限超過</source>
        <translation>Late</translation>
    </message>
    <message>
        <source>受注</source>
        <translation>Won</translation>
    </message>
    <message>
        <source>失注</source>
        <translation>Lost</translation>
    </message>
    <message>
        <source>商談</source>
        <translation>Opportunity</translation>
    </message>
    <message>
        <source>日</source>
        <translation>Day</translation>
    </message>
    <message>
        <source>週</source>
        <translation>Week</translation>
    </message>
    <message>
        <source>月</source>
        <translation>Month</translation>
    </message>
    <message>
        <source>期間</source>
        <translation>Period</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Rep</translation>
    </message>
    <message>
        <source>チーム</source>
        <translation>Team</translation>
    </message>
    <message>
        <source>セグメント</source>
        <translation>Segment</translation>
    </message>
    <message>
        <source>スクリプト</source>
        <translation>Script</translation>
    </message>
    <message>
        <source>架電リスト</source>
        <translation>Target list</translation>
    </message>
    <message>
        <source>チャネル</source>
        <translation>Channel</translation>
    </message>
    <message>
        <source>時間</source>
        <translation>Hour</translation>
    </message>
    <message>
        <source>引き継ぎ</source>
        <translation>Handoffs</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>流入経路</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>切り返し</source>
        <translation>Objection</translation>
    </message>
    <message>
        <source>失注・お断り</source>
        <translation>Lost</translation>
    </message>
    <message>
        <source>再開日あり</source>
        <translation>With a day</translation>
    </message>
    <message>
        <source>再開日到来</source>
        <translation>Day has come</translation>
    </message>
    <message>
        <source>再接触</source>
        <translation>Contacted again</translation>
    </message>
    <message>
        <source>アポに復帰</source>
        <translation>Back at a meeting</translation>
    </message>
    <message>
        <source>復帰率</source>
        <translation>Return rate</translation>
    </message>
    <message>
        <source>前日</source>
        <translation>day before</translation>
    </message>
    <message>
        <source>前週</source>
        <translation>week before</translation>
    </message>
    <message>
        <source>前月</source>
        <translation>month before</translation>
    </message>
    <message>
        <source>前期間</source>
        <translation>period before</translation>
    </message>
    <message>
        <source>ユニーク</source>
        <translation>unique</translation>
    </message>
    <message>
        <source>架電比</source>
        <translation>per dial</translation>
    </message>
    <message>
        <source>受理</source>
        <translation>accepted</translation>
    </message>
    <message>
        <source>非接続</source>
        <translation>without DM</translation>
    </message>
    <message>
        <source>純アポ</source>
        <translation>net</translation>
    </message>
    <message>
        <source>引き渡し率</source>
        <translation>Handoff rate</translation>
    </message>
    <message>
        <source>評価</source>
        <translation>Evaluation</translation>
    </message>
    <message>
        <source>課題</source>
        <translation>Issues</translation>
    </message>
    <message>
        <source>{n}日</source>
        <translation>{n} days</translation>
    </message>
    <message>
        <source>{n}分</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>万円</source>
        <translation>×10,000 yen</translation>
    </message>
    <message>
        <source>95 % 区間 {low}–{high} %</source>
        <translation>95% interval {low}–{high}%</translation>
    </message>
    <message>
        <source>目標 {n}</source>
        <translation>target {n}</translation>
    </message>
    <message>
        <source>{rate}(n = {n})</source>
        <translation>{rate} (n = {n})</translation>
    </message>
    <message>
        <source>{n}時台</source>
        <translation>{n}:00</translation>
    </message>
    <message>
        <source>(なし)</source>
        <translation>(none)</translation>
    </message>
</context>
<context>
    <name>handoff</name>
    <message>
        <source>要対応</source>
        <translation>To do</translation>
    </message>
    <message>
        <source>商談前</source>
        <translation>Before</translation>
    </message>
    <message>
        <source>商談後</source>
        <translation>After</translation>
    </message>
    <message>
        <source>完了</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>すべて</source>
        <translation>All</translation>
    </message>
    <message>
        <source>下書き</source>
        <translation>Drafts</translation>
    </message>
    <message>
        <source>待ち</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>受理</source>
        <translation>Accepted</translation>
    </message>
    <message>
        <source>終了</source>
        <translation>Ended</translation>
    </message>
    <message>
        <source>商談 {when}</source>
        <translation>Meeting {when}</translation>
    </message>
    <message>
        <source>足りないもの {n}</source>
        <translation>{n} missing</translation>
    </message>
    <message>
        <source>確度 {grade}</source>
        <translation>Likelihood {grade}</translation>
    </message>
    <message>
        <source>商談化</source>
        <translation>Opportunity</translation>
    </message>
    <message>
        <source>受注</source>
        <translation>Won</translation>
    </message>
    <message>
        <source>失注</source>
        <translation>Lost</translation>
    </message>
    <message>
        <source>延期</source>
        <translation>Postponed</translation>
    </message>
    <message>
        <source>無断欠席(ノーショー)</source>
        <translation>No-show</translation>
    </message>
    <message>
        <source>商談化せず</source>
        <translation>No opportunity</translation>
    </message>
    <message>
        <source>フィードバック待ち</source>
        <translation>Feedback due</translation>
    </message>
    <message>
        <source>フィードバック超過</source>
        <translation>Feedback overdue</translation>
    </message>
    <message>
        <source>{span} 超過</source>
        <translation>{span} over</translation>
    </message>
    <message>
        <source>残り {span}</source>
        <translation>{span} left</translation>
    </message>
    <message>
        <source>フィードバック期限 {day}</source>
        <translation>Feedback by {day}</translation>
    </message>
    <message>
        <source>{n}円</source>
        <translation>¥{n}</translation>
    </message>
    <message>
        <source>聞き直し: {items}</source>
        <translation>Asked again: {items}</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>{by}が引き継ぎを受理しました: {lead}</source>
        <translation>{by} accepted the handoff: {lead}</translation>
    </message>
    <message>
        <source>{by}が引き継ぎを差し戻しました: {lead} — {why}</source>
        <translation>{by} returned the handoff: {lead} — {why}</translation>
    </message>
    <message>
        <source>{by}が引き渡しの承認を却下しました: {lead} — {why}</source>
        <translation>{by} refused the approval of the handoff: {lead} — {why}</translation>
    </message>
    <message>
        <source>{by}がリサイクルしました: {lead} — {why}</source>
        <translation>{by} recycled the lead: {lead} — {why}</translation>
    </message>
    <message>
        <source>{by}のフィードバック: {lead} — {result}</source>
        <translation>Feedback of {by}: {lead} — {result}</translation>
    </message>
</context>
<context>
    <name>header</name>
    <message>
        <source>通話可 {hours}</source>
        <translation>Calls {hours}</translation>
    </message>
    <message>
        <source>時間外(約束のみ)・ {hours}</source>
        <translation>Off hours (promises only) · {hours}</translation>
    </message>
    <message>
        <source>時間外 ・ {hours}</source>
        <translation>Off hours · {hours}</translation>
    </message>
    <message>
        <source>架電 {n}回</source>
        <translation>{n} dials</translation>
    </message>
    <message>
        <source>前回 {day} {what}</source>
        <translation>Last {day} {what}</translation>
    </message>
    <message>
        <source>初回</source>
        <translation>First call</translation>
    </message>
</context>
<context>
    <name>help</name>
    <message>
        <source>接続する</source>
        <translation>Connecting</translation>
    </message>
    <message>
        <source>同期</source>
        <translation>Syncing</translation>
    </message>
    <message>
        <source>一日の流れ</source>
        <translation>The day</translation>
    </message>
    <message>
        <source>電話</source>
        <translation>Telephone</translation>
    </message>
    <message>
        <source>引き継ぎ</source>
        <translation>Handoff</translation>
    </message>
    <message>
        <source>商談の予約</source>
        <translation>Meetings</translation>
    </message>
    <message>
        <source>チーム</source>
        <translation>Team</translation>
    </message>
    <message>
        <source>分析</source>
        <translation>Analysis</translation>
    </message>
    <message>
        <source>握り直し会議</source>
        <translation>Alignment meeting</translation>
    </message>
    <message>
        <source>トークスクリプト</source>
        <translation>Talk scripts</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>シーケンス</source>
        <translation>Sequences</translation>
    </message>
    <message>
        <source>コマンド行</source>
        <translation>Command line</translation>
    </message>
    <message>
        <source>設定項目</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>アダプター</source>
        <translation>Adapters</translation>
    </message>
</context>
<context>
    <name>imports</name>
    <message>
        <source>カンマ</source>
        <translation>Comma</translation>
    </message>
    <message>
        <source>タブ</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>セミコロン</source>
        <translation>Semicolon</translation>
    </message>
    <message>
        <source>前回と同じ</source>
        <translation>As last time</translation>
    </message>
    <message>
        <source>見出しから</source>
        <translation>By its header</translation>
    </message>
    <message>
        <source>似た見出し</source>
        <translation>Similar header</translation>
    </message>
    <message>
        <source>値から推定</source>
        <translation>By its values</translation>
    </message>
    <message>
        <source>選択済み</source>
        <translation>Chosen</translation>
    </message>
    <message>
        <source>取り込まない</source>
        <translation>Left out</translation>
    </message>
    <message>
        <source>会社: {name}</source>
        <translation>Company: {name}</translation>
    </message>
    <message>
        <source>新規</source>
        <translation>New</translation>
    </message>
    <message>
        <source>更新</source>
        <translation>Updated</translation>
    </message>
    <message>
        <source>変更なし</source>
        <translation>No change</translation>
    </message>
    <message>
        <source>メールが同じ</source>
        <translation>Same mail</translation>
    </message>
    <message>
        <source>電話番号が同じ</source>
        <translation>Same phone</translation>
    </message>
    <message>
        <source>会社と氏名が同じ</source>
        <translation>Same company and name</translation>
    </message>
    <message>
        <source>会社が同じ</source>
        <translation>Same company</translation>
    </message>
    <message>
        <source>会社名が似ている</source>
        <translation>Company names alike</translation>
    </message>
    <message>
        <source>同じ会社で氏名が似ている</source>
        <translation>Names alike in one company</translation>
    </message>
    <message>
        <source>別の人とメールが同じ</source>
        <translation>Mail shared with another person</translation>
    </message>
    <message>
        <source>別の人と電話番号が同じ</source>
        <translation>Phone shared with another person</translation>
    </message>
</context>
<context>
    <name>introduction</name>
    <message>
        <source>開始前</source>
        <translation>Not begun</translation>
    </message>
    <message>
        <source>0〜30日</source>
        <translation>Days 0–30</translation>
    </message>
    <message>
        <source>31〜60日</source>
        <translation>Days 31–60</translation>
    </message>
    <message>
        <source>61〜90日</source>
        <translation>Days 61–90</translation>
    </message>
    <message>
        <source>90日を過ぎました</source>
        <translation>After 90 days</translation>
    </message>
    <message>
        <source>準備度</source>
        <translation>Readiness</translation>
    </message>
    <message>
        <source>診断</source>
        <translation>Symptom</translation>
    </message>
    <message>
        <source>済み</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>未了</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>当てはまる</source>
        <translation>Applies</translation>
    </message>
    <message>
        <source>当てはまらない</source>
        <translation>Does not apply</translation>
    </message>
    <message>
        <source>はい</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>いいえ</source>
        <translation>No</translation>
    </message>
    <message>
        <source>期限超過</source>
        <translation>Overdue</translation>
    </message>
    <message>
        <source>未回答</source>
        <translation>Not answered</translation>
    </message>
</context>
<context>
    <name>leads</name>
    <message>
        <source>氏名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>会社</source>
        <translation>Company</translation>
    </message>
    <message>
        <source>部署・役職</source>
        <translation>Department, title</translation>
    </message>
    <message>
        <source>ステージ</source>
        <translation>Stage</translation>
    </message>
    <message>
        <source>優先度</source>
        <translation>Priority</translation>
    </message>
    <message>
        <source>次回アクション</source>
        <translation>Next action</translation>
    </message>
    <message>
        <source>架電</source>
        <translation>Calls</translation>
    </message>
    <message>
        <source>最終接触</source>
        <translation>Last touch</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>Owner</translation>
    </message>
    <message>
        <source>電話</source>
        <translation>Phone</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>自分</source>
        <translation>Mine</translation>
    </message>
    <message>
        <source>チーム</source>
        <translation>Team</translation>
    </message>
    <message>
        <source>担当なし</source>
        <translation>No owner</translation>
    </message>
    <message>
        <source>すべて</source>
        <translation>All</translation>
    </message>
    <message>
        <source>対応中</source>
        <translation>Being worked</translation>
    </message>
    <message>
        <source>保留</source>
        <translation>On hold</translation>
    </message>
    <message>
        <source>終了</source>
        <translation>Closed</translation>
    </message>
</context>
<context>
    <name>mail_parts</name>
    <message>
        <source>課題</source>
        <translation>Issue</translation>
    </message>
    <message>
        <source>解決</source>
        <translation>Solution</translation>
    </message>
    <message>
        <source>お願い(次の一歩)</source>
        <translation>Call to action</translation>
    </message>
</context>
<context>
    <name>moved</name>
    <message>
        <source>書きかけを始めた後に定義が変わったので、新しい定義の上に載せ直しました。</source>
        <translation>The definitions changed after this draft was begun: it was carried over to them.</translation>
    </message>
    <message>
        <source>{parts} は両方で変わっています。提案の前に、いまの文面と比べてください。</source>
        <translation>{parts}: changed on both sides. Compare with the text in force before you propose.</translation>
    </message>
    <message>
        <source>書きかけを始めた後に定義が変わりました。このままではその変更が元に戻ります。定義の文面(M)で違いを確かめ、残すものを書き直してから提案してください。</source>
        <translation>The definitions changed after this draft was begun, and it would take that back. See what differs in the text of the definitions (M), mend it there, then propose.</translation>
    </message>
</context>
<context>
    <name>paper</name>
    <message>
        <source>引き継ぎメモ {name}</source>
        <translation>Handoff memo {name}</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>引き継ぎメモをPDFで保存</source>
        <translation>Save the handoff memo as PDF</translation>
    </message>
    <message>
        <source>PDFを書き込めませんでした。</source>
        <translation>The PDF could not be written.</translation>
    </message>
    <message>
        <source>保存先を変えて、もう一度お試しください。</source>
        <translation>Choose another place and try again.</translation>
    </message>
    <message>
        <source>PDFに保存しました: {file}</source>
        <translation>Saved as PDF: {file}</translation>
    </message>
</context>
<context>
    <name>phrases</name>
    <message>
        <source>今日</source>
        <translation>today</translation>
    </message>
    <message>
        <source>明日</source>
        <translation>tomorrow</translation>
    </message>
    <message>
        <source>月,火,水,木,金,土,日</source>
        <translation>Mon,Tue,Wed,Thu,Fri,Sat,Sun</translation>
    </message>
    <message>
        <source>{n}営業日後</source>
        <translation>+{n} bus. days</translation>
    </message>
    <message>
        <source>{n}営業日</source>
        <translation>+{n} bus. d.</translation>
    </message>
    <message>
        <source>・</source>
        <translation> · </translation>
    </message>
    <message>
        <source>会社全体を停止</source>
        <translation>stops the whole company</translation>
    </message>
    <message>
        <source>全リストで停止</source>
        <translation>stops on all lists</translation>
    </message>
    <message>
        <source>不足{n}</source>
        <translation>{n} missing</translation>
    </message>
    <message>
        <source>引き継ぎ</source>
        <translation>Handoff</translation>
    </message>
    <message>
        <source>戻り時刻 +{n}分</source>
        <translation>back at +{n} min</translation>
    </message>
    <message>
        <source>日時を入力</source>
        <translation>asks for a time</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>検討時期を入力</source>
        <translation>asks for the time of adoption</translation>
    </message>
    <message>
        <source>競合を入力</source>
        <translation>asks for the competitor</translation>
    </message>
    <message>
        <source>{n}日休止</source>
        <translation>rests {n} days</translation>
    </message>
    <message>
        <source>終了</source>
        <translation>Quit</translation>
    </message>
    <message>
        <source>変更なし</source>
        <translation>no change</translation>
    </message>
    <message>
        <source>メール + {then}</source>
        <translation>mail, {then}</translation>
    </message>
    <message>
        <source>{n}/{cap}回目</source>
        <translation>{n} of {cap}</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>SNSなど</source>
        <translation>Social</translation>
    </message>
    <message>
        <source>育成</source>
        <translation>Nurture</translation>
    </message>
    <message>
        <source>番号調査</source>
        <translation>Find a number</translation>
    </message>
    <message>
        <source>引き継ぎの手直し</source>
        <translation>Fix the handoff</translation>
    </message>
    <message>
        <source>FSの判断待ち</source>
        <translation>Waiting for FS</translation>
    </message>
    <message>
        <source>承認待ち</source>
        <translation>Waiting for approval</translation>
    </message>
    <message>
        <source>名寄せ</source>
        <translation>Merge</translation>
    </message>
    <message>
        <source>次回予定日時 {when}</source>
        <translation>Next action {when}</translation>
    </message>
    <message>
        <source>休業日にあたるため、翌営業日に移します</source>
        <translation>Falls on a closed day: moved to the next business day</translation>
    </message>
    <message>
        <source>リードステージ {stage}</source>
        <translation>Stage {stage}</translation>
    </message>
    <message>
        <source>{day} まで再架電禁止期間</source>
        <translation>Cooldown until {day}</translation>
    </message>
    <message>
        <source>時間外</source>
        <translation>Off hours</translation>
    </message>
    <message>
        <source>架電可能時間帯の外</source>
        <translation>Outside calling hours</translation>
    </message>
    <message>
        <source>上限</source>
        <translation>At its cap</translation>
    </message>
    <message>
        <source>クールダウン</source>
        <translation>Cooldown</translation>
    </message>
    <message>
        <source>架電禁止</source>
        <translation>Do not call</translation>
    </message>
    <message>
        <source>同一企業を本日架電済</source>
        <translation>Company called today</translation>
    </message>
    <message>
        <source>他担当が対応中</source>
        <translation>With another rep</translation>
    </message>
    <message>
        <source>予定時刻前</source>
        <translation>Not due yet</translation>
    </message>
    <message>
        <source>後で</source>
        <translation>Later</translation>
    </message>
    <message>
        <source>番号なし</source>
        <translation>No number</translation>
    </message>
    <message>
        <source>同じ番号に架電したばかり</source>
        <translation>This number was just called</translation>
    </message>
    <message>
        <source>商談なし</source>
        <translation>No meeting</translation>
    </message>
    <message>
        <source>商談前</source>
        <translation>Before the meeting</translation>
    </message>
    <message>
        <source>終了したリード</source>
        <translation>Closed lead</translation>
    </message>
    <message>
        <source>今は架電できません</source>
        <translation>Cannot be called now</translation>
    </message>
    <message>
        <source>現アナ</source>
        <translation>Not in service</translation>
    </message>
    <message>
        <source>FAX</source>
        <translation>Fax</translation>
    </message>
    <message>
        <source>番号違い</source>
        <translation>Wrong number</translation>
    </message>
    <message>
        <source>使えない番号</source>
        <translation>Unusable number</translation>
    </message>
    <message>
        <source>直通</source>
        <translation>Direct</translation>
    </message>
    <message>
        <source>携帯</source>
        <translation>Mobile</translation>
    </message>
    <message>
        <source>代表</source>
        <translation>Switchboard</translation>
    </message>
    <message>
        <source>応答なし</source>
        <translation>Nobody</translation>
    </message>
    <message>
        <source>受付</source>
        <translation>Reception</translation>
    </message>
    <message>
        <source>担当外の社員</source>
        <translation>Other staff</translation>
    </message>
    <message>
        <source>担当者</source>
        <translation>Contact</translation>
    </message>
    <message>
        <source>決裁者</source>
        <translation>Decision maker</translation>
    </message>
    <message>
        <source>30分後</source>
        <translation>In 30 minutes</translation>
    </message>
    <message>
        <source>1時間後</source>
        <translation>In 1 hour</translation>
    </message>
    <message>
        <source>3時間後</source>
        <translation>In 3 hours</translation>
    </message>
    <message>
        <source>今日13時</source>
        <translation>Today 13:00</translation>
    </message>
    <message>
        <source>今日16時</source>
        <translation>Today 16:00</translation>
    </message>
    <message>
        <source>翌営業日10時</source>
        <translation>Next business day 10:00</translation>
    </message>
    <message>
        <source>翌営業日14時</source>
        <translation>Next business day 14:00</translation>
    </message>
    <message>
        <source>3営業日後</source>
        <translation>In 3 business days</translation>
    </message>
    <message>
        <source>来週はじめ</source>
        <translation>Early next week</translation>
    </message>
</context>
<context>
    <name>reminders</name>
    <message>
        <source>約束の時刻です {when}: {who}</source>
        <translation>Promised callback {when}: {who}</translation>
    </message>
    <message>
        <source>まもなく約束の時刻です {when}: {who}</source>
        <translation>A promised call is due soon, {when}: {who}</translation>
    </message>
    <message>
        <source>初回対応の期限 {when}: {who}</source>
        <translation>First response due {when}: {who}</translation>
    </message>
    <message>
        <source>初回対応の期限 {when} を過ぎました: {who}</source>
        <translation>The first response was due {when}: {who}</translation>
    </message>
    <message>
        <source>引き継ぎが差し戻されました: {who}</source>
        <translation>Handoff returned: {who}</translation>
    </message>
    <message>
        <source>返信が届きました: {who}</source>
        <translation>A reply came: {who}</translation>
    </message>
    <message>
        <source>商談({when})を、お客様に確認してください: {who}</source>
        <translation>Confirm the meeting ({when}) with the customer: {who}</translation>
    </message>
    <message>
        <source>約束 {n}件</source>
        <translation>{n} promised callbacks</translation>
    </message>
    <message>
        <source>SLA {n}件</source>
        <translation>{n} first responses</translation>
    </message>
    <message>
        <source>差し戻し {n}件</source>
        <translation>{n} returned handoffs</translation>
    </message>
    <message>
        <source>返信 {n}件</source>
        <translation>{n} replies</translation>
    </message>
    <message>
        <source>商談の確認 {n}件</source>
        <translation>{n} meetings to confirm</translation>
    </message>
</context>
<context>
    <name>sequences</name>
    <message>
        <source>要確認</source>
        <translation>To check</translation>
    </message>
    <message>
        <source>送信の確認</source>
        <translation>Confirm mail</translation>
    </message>
    <message>
        <source>架電</source>
        <translation>Call</translation>
    </message>
    <message>
        <source>SNSなど</source>
        <translation>Social</translation>
    </message>
    <message>
        <source>自動送信</source>
        <translation>Automatic</translation>
    </message>
    <message>
        <source>送信待ち</source>
        <translation>In the outbox</translation>
    </message>
    <message>
        <source>架電が先</source>
        <translation>Call first</translation>
    </message>
    <message>
        <source>返信の確認待ち</source>
        <translation>Waits for mailbox</translation>
    </message>
    <message>
        <source>同期待ち</source>
        <translation>Waits for sync</translation>
    </message>
    <message>
        <source>別の予定が先</source>
        <translation>Something else first</translation>
    </message>
    <message>
        <source>予定</source>
        <translation>Planned</translation>
    </message>
    <message>
        <source>完了</source>
        <translation>Finished</translation>
    </message>
    <message>
        <source>停止</source>
        <translation>Stopped</translation>
    </message>
    <message>
        <source>済み</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>飛ばした</source>
        <translation>Skipped</translation>
    </message>
    <message>
        <source>次</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>この先</source>
        <translation>Later</translation>
    </message>
    <message>
        <source>同意の記録がない</source>
        <translation>No consent on record</translation>
    </message>
    <message>
        <source>メールアドレスがない</source>
        <translation>No mail address</translation>
    </message>
    <message>
        <source>アドレスが正しくない</source>
        <translation>Address not valid</translation>
    </message>
    <message>
        <source>アドレスに届かない</source>
        <translation>Address bounced</translation>
    </message>
    <message>
        <source>送信者の表示がない</source>
        <translation>Sender not shown</translation>
    </message>
    <message>
        <source>送信アカウントがない</source>
        <translation>No mail account</translation>
    </message>
    <message>
        <source>デモからは送らない</source>
        <translation>A demo sends nothing</translation>
    </message>
    <message>
        <source>ひな形がない</source>
        <translation>No such template</translation>
    </message>
    <message>
        <source>件名が長すぎる</source>
        <translation>Subject too long</translation>
    </message>
    <message>
        <source>同じメールを送ったばかり</source>
        <translation>Same mail sent just now</translation>
    </message>
    <message>
        <source>同じメールを手で送った</source>
        <translation>Same mail sent by hand</translation>
    </message>
    <message>
        <source>前の端末が送ったかも</source>
        <translation>Perhaps sent already</translation>
    </message>
    <message>
        <source>関心を示したばかり</source>
        <translation>Just showed interest</translation>
    </message>
    <message>
        <source>返信を読めていない</source>
        <translation>Mailbox not read</translation>
    </message>
    <message>
        <source>電話番号がない</source>
        <translation>No number</translation>
    </message>
    <message>
        <source>クールダウン中</source>
        <translation>Cooling down</translation>
    </message>
    <message>
        <source>担当者が変わった</source>
        <translation>Owner changed</translation>
    </message>
    <message>
        <source>送れなかった</source>
        <translation>Could not be sent</translation>
    </message>
    <message>
        <source>送信を取り消した</source>
        <translation>Mail cancelled</translation>
    </message>
    <message>
        <source>届いたか不明</source>
        <translation>Delivery in doubt</translation>
    </message>
    <message>
        <source>行わない</source>
        <translation>Not done</translation>
    </message>
    <message>
        <source>シーケンス {n}/{of} {channel}</source>
        <translation>Sequence {n}/{of} {channel}</translation>
    </message>
    <message>
        <source>シーケンス {n}/{of} 要確認</source>
        <translation>Sequence {n}/{of} to check</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>表示</source>
        <translation>Appearance</translation>
    </message>
    <message>
        <source>架電</source>
        <translation>Call</translation>
    </message>
    <message>
        <source>お知らせ</source>
        <translation>Reminders</translation>
    </message>
    <message>
        <source>同期</source>
        <translation>Sync</translation>
    </message>
    <message>
        <source>安全</source>
        <translation>Safety</translation>
    </message>
</context>
<context>
    <name>sync</name>
    <message>
        <source>接触の記録</source>
        <translation>Touch</translation>
    </message>
    <message>
        <source>引き継ぎ</source>
        <translation>Handoff</translation>
    </message>
    <message>
        <source>架電禁止・配信停止</source>
        <translation>Do not call or mail</translation>
    </message>
    <message>
        <source>項目の変更</source>
        <translation>Edit</translation>
    </message>
    <message>
        <source>新規登録</source>
        <translation>New record</translation>
    </message>
    <message>
        <source>送信待ち</source>
        <translation>Waiting to be sent</translation>
    </message>
    <message>
        <source>送信中</source>
        <translation>Sending</translation>
    </message>
    <message>
        <source>届いたか確認中</source>
        <translation>Checking arrival</translation>
    </message>
    <message>
        <source>要対応</source>
        <translation>Needs attention</translation>
    </message>
    <message>
        <source>架電結果</source>
        <translation>Call outcome</translation>
    </message>
    <message>
        <source>反応</source>
        <translation>Signal</translation>
    </message>
    <message>
        <source>引き継ぎの操作</source>
        <translation>Handoff step</translation>
    </message>
    <message>
        <source>FS担当</source>
        <translation>FS owner</translation>
    </message>
    <message>
        <source>日時</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>チャネル</source>
        <translation>Channel</translation>
    </message>
    <message>
        <source>方向</source>
        <translation>Direction</translation>
    </message>
    <message>
        <source>応答者</source>
        <translation>Who answered</translation>
    </message>
    <message>
        <source>電話番号</source>
        <translation>Phone</translation>
    </message>
    <message>
        <source>通話時間(秒)</source>
        <translation>Talk time (s)</translation>
    </message>
    <message>
        <source>呼出時間(秒)</source>
        <translation>Ring time (s)</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>架電メモ</source>
        <translation>Call note</translation>
    </message>
    <message>
        <source>範囲</source>
        <translation>Scope</translation>
    </message>
    <message>
        <source>種類</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>担当</source>
        <translation>By</translation>
    </message>
    <message>
        <source>トークスクリプト</source>
        <translation>Talk script</translation>
    </message>
    <message>
        <source>取り消し</source>
        <translation>Taken back</translation>
    </message>
    <message>
        <source>電話</source>
        <translation>Phone</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>Web</source>
        <translation>Web</translation>
    </message>
    <message>
        <source>発信</source>
        <translation>outgoing</translation>
    </message>
    <message>
        <source>受信</source>
        <translation>incoming</translation>
    </message>
    <message>
        <source>応答なし</source>
        <translation>Nobody</translation>
    </message>
    <message>
        <source>受付</source>
        <translation>Reception</translation>
    </message>
    <message>
        <source>社員</source>
        <translation>Staff</translation>
    </message>
    <message>
        <source>担当者</source>
        <translation>Contact</translation>
    </message>
    <message>
        <source>決裁者</source>
        <translation>Decision maker</translation>
    </message>
    <message>
        <source>架電</source>
        <translation>Call</translation>
    </message>
    <message>
        <source>リード</source>
        <translation>Lead</translation>
    </message>
    <message>
        <source>会社</source>
        <translation>Company</translation>
    </message>
    <message>
        <source>承認を依頼</source>
        <translation>Ask for approval</translation>
    </message>
    <message>
        <source>承認の却下</source>
        <translation>Approval refused</translation>
    </message>
    <message>
        <source>引き渡し</source>
        <translation>Handoff submitted</translation>
    </message>
    <message>
        <source>受理</source>
        <translation>Handoff accepted</translation>
    </message>
    <message>
        <source>差し戻し</source>
        <translation>Handoff returned</translation>
    </message>
    <message>
        <source>リサイクル</source>
        <translation>Recycled</translation>
    </message>
    <message>
        <source>取り下げ</source>
        <translation>Handoff withdrawn</translation>
    </message>
    <message>
        <source>フィードバック</source>
        <translation>Feedback</translation>
    </message>
    <message>
        <source>{at}に再試行</source>
        <translation>retry at {at}</translation>
    </message>
    <message>
        <source>オフライン({since}から)</source>
        <translation>Offline (since {since})</translation>
    </message>
    <message>
        <source>未接続</source>
        <translation>Not connected</translation>
    </message>
    <message>
        <source>オンライン</source>
        <translation>Online</translation>
    </message>
    <message>
        <source>同期中</source>
        <translation>Syncing</translation>
    </message>
    <message>
        <source>停止中</source>
        <translation>Paused</translation>
    </message>
    <message>
        <source>内蔵ハブ(この端末)</source>
        <translation>Embedded hub (this computer)</translation>
    </message>
    <message>
        <source>チームハブ</source>
        <translation>Team hub</translation>
    </message>
    <message>
        <source>途中で切れても二重に登録されません</source>
        <translation>Nothing is recorded twice, even when a connection breaks</translation>
    </message>
    <message>
        <source>返事がないときは、届いたか確かめてから送り直します</source>
        <translation>Without an answer, arrival is checked before sending again</translation>
    </message>
    <message>
        <source>変わった分だけを受け取ります</source>
        <translation>Only what changed is received</translation>
    </message>
    <message>
        <source>削除も反映します</source>
        <translation>Deletions are received too</translation>
    </message>
    <message>
        <source>同じ項目の同時編集を見つけ、競合として知らせます</source>
        <translation>Edits of one field by two people are found and shown as conflicts</translation>
    </message>
    <message>
        <source>架電禁止・配信停止をチームで共有します</source>
        <translation>Do-not-call and opt-outs are shared by the team</translation>
    </message>
    <message>
        <source>担当者をメンバーと対応付けます</source>
        <translation>Owners are matched with members</translation>
    </message>
    <message>
        <source>一度に{n}件まで送ります</source>
        <translation>Up to {n} records are sent at once</translation>
    </message>
</context>
<context>
    <name>team</name>
    <message>
        <source>すべて</source>
        <translation>All</translation>
    </message>
    <message>
        <source>SLA超過</source>
        <translation>SLA broken</translation>
    </message>
    <message>
        <source>SLA間近</source>
        <translation>SLA soon</translation>
    </message>
    <message>
        <source>差し戻し</source>
        <translation>Returned</translation>
    </message>
    <message>
        <source>今日の約束</source>
        <translation>Promised today</translation>
    </message>
    <message>
        <source>滞留</source>
        <translation>Stale</translation>
    </message>
    <message>
        <source>未接触</source>
        <translation>Untouched</translation>
    </message>
    <message>
        <source>保留</source>
        <translation>Held</translation>
    </message>
    <message>
        <source>超過</source>
        <translation>Late</translation>
    </message>
    <message>
        <source>間近</source>
        <translation>Soon</translation>
    </message>
    <message>
        <source>差戻</source>
        <translation>Ret.</translation>
    </message>
    <message>
        <source>約束</source>
        <translation>Prom.</translation>
    </message>
    <message>
        <source>ステージの変更</source>
        <translation>Stage move</translation>
    </message>
    <message>
        <source>架電禁止の解除</source>
        <translation>Lifting a do-not-call</translation>
    </message>
    <message>
        <source>一括終了</source>
        <translation>Closing many</translation>
    </message>
    <message>
        <source>引き渡し</source>
        <translation>Handoff</translation>
    </message>
    <message>
        <source>承認待ち</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>承認</source>
        <translation>Approved</translation>
    </message>
    <message>
        <source>却下</source>
        <translation>Refused</translation>
    </message>
    <message>
        <source>取り下げ</source>
        <translation>Withdrawn</translation>
    </message>
    <message>
        <source>関心のあとの失注</source>
        <translation>Lost after interest</translation>
    </message>
    <message>
        <source>長い通話</source>
        <translation>Long call</translation>
    </message>
    <message>
        <source>新しい担当</source>
        <translation>New rep</translation>
    </message>
    <message>
        <source>評価 {share} ・ 課題 {issues}(n={n})</source>
        <translation>Eval. {share} · issues {issues} (n={n})</translation>
    </message>
    <message>
        <source>評価 —</source>
        <translation>Eval. —</translation>
    </message>
    <message>
        <source>不在 〜{last} {names}</source>
        <translation>Away until {last}: {names}</translation>
    </message>
    <message>
        <source>{names}さんの代行中</source>
        <translation>Covers {names}</translation>
    </message>
    <message>
        <source>全員</source>
        <translation>Everybody</translation>
    </message>
    <message>
        <source>担当なし</source>
        <translation>No owner</translation>
    </message>
    <message>
        <source>要確認</source>
        <translation>To check</translation>
    </message>
</context>
<context>
    <name>timeline</name>
    <message>
        <source>端末に保存</source>
        <translation>Kept here</translation>
    </message>
    <message>
        <source>送信中</source>
        <translation>Sending</translation>
    </message>
    <message>
        <source>CRM確認済</source>
        <translation>Confirmed by the CRM</translation>
    </message>
    <message>
        <source>要対応</source>
        <translation>To do</translation>
    </message>
    <message>
        <source>商談の準備</source>
        <translation>Meeting</translation>
    </message>
    <message>
        <source>受電(不在着信)</source>
        <translation>Missed call</translation>
    </message>
    <message>
        <source>受電: {what}</source>
        <translation>Inbound: {what}</translation>
    </message>
    <message>
        <source>配信停止の返信</source>
        <translation>Reply: no more mail</translation>
    </message>
    <message>
        <source>招待に参加の返事</source>
        <translation>Accepted the invitation</translation>
    </message>
    <message>
        <source>招待に辞退・未定の返事</source>
        <translation>Declined the invitation, or perhaps</translation>
    </message>
    <message>
        <source>メールが届きませんでした</source>
        <translation>A mail did not arrive</translation>
    </message>
    <message>
        <source>リードを追加</source>
        <translation>Add a lead</translation>
    </message>
    <message>
        <source>取り込み</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>担当を変更</source>
        <translation>Owner changed</translation>
    </message>
    <message>
        <source>名寄せ</source>
        <translation>Merge</translation>
    </message>
    <message>
        <source>架電禁止</source>
        <translation>Do not call</translation>
    </message>
    <message>
        <source>項目を変更</source>
        <translation>Fields changed</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>ほか{n}項目</source>
        <translation>{n} more fields</translation>
    </message>
    <message>
        <source>{fields}を更新</source>
        <translation>{fields} updated</translation>
    </message>
    <message>
        <source>未入力</source>
        <translation>empty</translation>
    </message>
    <message>
        <source>配信停止のご希望かもしれません(Shift+E、O で記録)</source>
        <translation>May ask for no more mail (Shift+E, O to note it)</translation>
    </message>
    <message>
        <source>通話 {time}</source>
        <translation>Call {time}</translation>
    </message>
    <message>
        <source>スクリプト v{version}: {steps}</source>
        <translation>Script v{version}: {steps}</translation>
    </message>
    <message>
        <source>切り返し: {names}</source>
        <translation>Objections: {names}</translation>
    </message>
    <message>
        <source>承認を依頼</source>
        <translation>Ask for approval</translation>
    </message>
    <message>
        <source>承認の却下</source>
        <translation>Approval refused</translation>
    </message>
    <message>
        <source>引き渡し</source>
        <translation>Handed over</translation>
    </message>
    <message>
        <source>受理</source>
        <translation>Accepted</translation>
    </message>
    <message>
        <source>差し戻し</source>
        <translation>Returned</translation>
    </message>
    <message>
        <source>リサイクル</source>
        <translation>Recycle</translation>
    </message>
    <message>
        <source>取り下げ</source>
        <translation>Withdrawn</translation>
    </message>
    <message>
        <source>フィードバック</source>
        <translation>Feedback</translation>
    </message>
    <message>
        <source>下書き</source>
        <translation>Draft</translation>
    </message>
    <message>
        <source>承認待ち</source>
        <translation>Waiting for approval</translation>
    </message>
    <message>
        <source>引き渡し済み</source>
        <translation>Handed over</translation>
    </message>
    <message>
        <source>電話</source>
        <translation>Phone</translation>
    </message>
    <message>
        <source>メール</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>チャット</source>
        <translation>Chat</translation>
    </message>
    <message>
        <source>ウェビナー</source>
        <translation>Webinar</translation>
    </message>
    <message>
        <source>LinkedIn</source>
        <translation>LinkedIn</translation>
    </message>
    <message>
        <source>X</source>
        <translation>X</translation>
    </message>
    <message>
        <source>名刺交換</source>
        <translation>Business card</translation>
    </message>
    <message>
        <source>展示会</source>
        <translation>Exhibition</translation>
    </message>
    <message>
        <source>手紙</source>
        <translation>Letter</translation>
    </message>
    <message>
        <source>商談</source>
        <translation>Meeting</translation>
    </message>
    <message>
        <source>Webサイト</source>
        <translation>Website</translation>
    </message>
    <message>
        <source>メモ</source>
        <translation>Memo</translation>
    </message>
    <message>
        <source>Enterでこの記録をCRMで開きます</source>
        <translation>Enter opens this record in the CRM</translation>
    </message>
</context>
<context>
    <name>weekday</name>
    <message>
        <source>月</source>
        <translation>Mon</translation>
    </message>
    <message>
        <source>火</source>
        <translation>Tue</translation>
    </message>
    <message>
        <source>水</source>
        <translation>Wed</translation>
    </message>
    <message>
        <source>木</source>
        <translation>Thu</translation>
    </message>
    <message>
        <source>金</source>
        <translation>Fri</translation>
    </message>
    <message>
        <source>土</source>
        <translation>Sat</translation>
    </message>
    <message>
        <source>日</source>
        <translation>Sun</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>時間外</source>
        <translation>Off hours</translation>
    </message>
    <message>
        <source>上限</source>
        <translation>At its cap</translation>
    </message>
    <message>
        <source>クールダウン</source>
        <translation>Cooldown</translation>
    </message>
    <message>
        <source>架電禁止</source>
        <translation>Do not call</translation>
    </message>
    <message>
        <source>同一企業を本日架電済</source>
        <translation>Company called today</translation>
    </message>
    <message>
        <source>他担当が対応中</source>
        <translation>With another rep</translation>
    </message>
    <message>
        <source>予定時刻前</source>
        <translation>Not due yet</translation>
    </message>
    <message>
        <source>後で</source>
        <translation>Later</translation>
    </message>
    <message>
        <source>シーケンスが自動で送ります</source>
        <translation>Its sequence sends it</translation>
    </message>
    <message>
        <source>番号なし</source>
        <translation>No number</translation>
    </message>
    <message>
        <source>初回架電</source>
        <translation>First call</translation>
    </message>
    <message>
        <source>再架電</source>
        <translation>Retry</translation>
    </message>
    <message>
        <source>再コール(日時指定)</source>
        <translation>Callback (time promised)</translation>
    </message>
    <message>
        <source>再コール(日時未定)</source>
        <translation>Callback (no time)</translation>
    </message>
    <message>
        <source>メール送付</source>
        <translation>Mail</translation>
    </message>
    <message>
        <source>SNSなどでの連絡</source>
        <translation>Social touch</translation>
    </message>
    <message>
        <source>育成から再開</source>
        <translation>Resume from nurture</translation>
    </message>
    <message>
        <source>番号調査</source>
        <translation>Find a number</translation>
    </message>
    <message>
        <source>引き継ぎ</source>
        <translation>Handoff</translation>
    </message>
    <message>
        <source>差し戻しの対応</source>
        <translation>Fix the returned handoff</translation>
    </message>
    <message>
        <source>FSの判断待ち</source>
        <translation>Waiting for FS</translation>
    </message>
    <message>
        <source>承認待ち</source>
        <translation>Waiting for approval</translation>
    </message>
    <message>
        <source>名寄せ</source>
        <translation>Merge</translation>
    </message>
    <message>
        <source>返信への対応</source>
        <translation>Answer the reply</translation>
    </message>
    <message>
        <source>メール不達の確認</source>
        <translation>Ask for the right address</translation>
    </message>
    <message>
        <source>約束 {at}</source>
        <translation>Promised {at}</translation>
    </message>
    <message>
        <source>再コール {at}</source>
        <translation>Callback {at}</translation>
    </message>
    <message>
        <source>SLA {left}</source>
        <translation>SLA {left}</translation>
    </message>
    <message>
        <source>SLA超過 {over}</source>
        <translation>SLA over by {over}</translation>
    </message>
    <message>
        <source>差し戻し: {reason}</source>
        <translation>Returned: {reason}</translation>
    </message>
    <message>
        <source>意欲 {score}</source>
        <translation>Intent {score}</translation>
    </message>
    <message>
        <source>ICP {score}</source>
        <translation>ICP {score}</translation>
    </message>
    <message>
        <source>時期 {timing}</source>
        <translation>Timing {timing}</translation>
    </message>
    <message>
        <source>再架電 {slot}</source>
        <translation>Retry {slot}</translation>
    </message>
    <message>
        <source>新規</source>
        <translation>New</translation>
    </message>
    <message>
        <source>反響</source>
        <translation>Inbound</translation>
    </message>
    <message>
        <source>{source}</source>
        <translation>{source}</translation>
    </message>
    <message>
        <source>{label} {ago}</source>
        <translation>{label} {ago}</translation>
    </message>
    <message>
        <source>育成から復帰</source>
        <translation>Back from nurture</translation>
    </message>
    <message>
        <source>固定</source>
        <translation>Pinned</translation>
    </message>
    <message>
        <source>担当なし</source>
        <translation>No owner</translation>
    </message>
    <message>
        <source>対応中</source>
        <translation>At work</translation>
    </message>
    <message>
        <source>先にメール</source>
        <translation>Mail first</translation>
    </message>
    <message>
        <source>返信あり</source>
        <translation>Replied</translation>
    </message>
    <message>
        <source>メール不達</source>
        <translation>Mail bounced</translation>
    </message>
    <message>
        <source>先にSNSなど</source>
        <translation>Social touch first</translation>
    </message>
    <message>
        <source>シーケンス {n}/{of} {channel}</source>
        <translation>Sequence {n}/{of} {channel}</translation>
    </message>
    <message>
        <source>要確認 シーケンス {n}/{of}</source>
        <translation>To check: sequence {n}/{of}</translation>
    </message>
    <message>
        <source>午前枠</source>
        <translation>morning</translation>
    </message>
    <message>
        <source>午後枠</source>
        <translation>afternoon</translation>
    </message>
    <message>
        <source>すべて</source>
        <translation>All</translation>
    </message>
    <message>
        <source>約束</source>
        <translation>Promised</translation>
    </message>
    <message>
        <source>SLA</source>
        <translation>SLA</translation>
    </message>
    <message>
        <source>差し戻し</source>
        <translation>Returned</translation>
    </message>
    <message>
        <source>再コール</source>
        <translation>Callback</translation>
    </message>
    <message>
        <source>育成</source>
        <translation>Nurture</translation>
    </message>
    <message>
        <source>架電結果</source>
        <translation>Call outcomes</translation>
    </message>
    <message>
        <source>項目の編集</source>
        <translation>Edit</translation>
    </message>
    <message>
        <source>リードの追加</source>
        <translation>New lead</translation>
    </message>
    <message>
        <source>取り込み</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>担当の変更</source>
        <translation>Owner change</translation>
    </message>
    <message>
        <source>スキップ</source>
        <translation>Skip</translation>
    </message>
    <message>
        <source>反応の記録</source>
        <translation>Signal</translation>
    </message>
    <message>
        <source>ステージの変更</source>
        <translation>Stage change</translation>
    </message>
    <message>
        <source>引き渡し</source>
        <translation>Handed over</translation>
    </message>
    <message>
        <source>受理</source>
        <translation>Accepted</translation>
    </message>
    <message>
        <source>リサイクル</source>
        <translation>Recycle</translation>
    </message>
    <message>
        <source>取り下げ</source>
        <translation>Withdrawn</translation>
    </message>
    <message>
        <source>フィードバック</source>
        <translation>Feedback</translation>
    </message>
    <message>
        <source>商談の準備</source>
        <translation>Meeting</translation>
    </message>
    <message>
        <source>承認依頼</source>
        <translation>Request for approval</translation>
    </message>
    <message>
        <source>承認の返答</source>
        <translation>Answer to a request</translation>
    </message>
    <message>
        <source>通話評価</source>
        <translation>Call score</translation>
    </message>
    <message>
        <source>評価への返信</source>
        <translation>Answer to an evaluation</translation>
    </message>
    <message>
        <source>定義の変更</source>
        <translation>Change of definitions</translation>
    </message>
    <message>
        <source>握り直し会議の記録</source>
        <translation>Minutes of a meeting</translation>
    </message>
    <message>
        <source>不在の代行</source>
        <translation>Cover for an absence</translation>
    </message>
    <message>
        <source>導入の記録</source>
        <translation>Introduction</translation>
    </message>
    <message>
        <source>費用の記録</source>
        <translation>Cost</translation>
    </message>
    <message>
        <source>メールの同意</source>
        <translation>Consent to mail</translation>
    </message>
    <message>
        <source>配信停止</source>
        <translation>Mail opt-out</translation>
    </message>
    <message>
        <source>メールの送信</source>
        <translation>Mail sent</translation>
    </message>
    <message>
        <source>メールの返信・不達</source>
        <translation>Mail came back</translation>
    </message>
    <message>
        <source>不在着信</source>
        <translation>Missed call</translation>
    </message>
    <message>
        <source>シーケンス</source>
        <translation>Sequences</translation>
    </message>
    <message>
        <source>シーケンスの進行</source>
        <translation>Sequence went on</translation>
    </message>
    <message>
        <source>IS</source>
        <translation>IS</translation>
    </message>
    <message>
        <source>チームリーダー</source>
        <translation>Team lead</translation>
    </message>
    <message>
        <source>FS</source>
        <translation>FS</translation>
    </message>
    <message>
        <source>管理者</source>
        <translation>Admin</translation>
    </message>
    <message>
        <source>休業日です</source>
        <translation>Closed today</translation>
    </message>
    <message>
        <source>夜間です</source>
        <translation>Night</translation>
    </message>
    <message>
        <source>架電可能時間帯の外です</source>
        <translation>Outside calling hours</translation>
    </message>
    <message>
        <source>昼休みです</source>
        <translation>Lunch break</translation>
    </message>
    <message>
        <source>お盆の時期です</source>
        <translation>Obon season</translation>
    </message>
    <message>
        <source>保留</source>
        <translation>On hold</translation>
    </message>
    <message>
        <source>次の予定なし</source>
        <translation>Nothing planned</translation>
    </message>
    <message>
        <source>{n}分前</source>
        <translation>{n} min ago</translation>
    </message>
    <message>
        <source>{n}時間前</source>
        <translation>{n} h ago</translation>
    </message>
    <message>
        <source>{n}日前</source>
        <translation>{n} d ago</translation>
    </message>
    <message>
        <source>{n}分</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>{n}時間</source>
        <translation>{n} h</translation>
    </message>
    <message>
        <source>たった今</source>
        <translation>just now</translation>
    </message>
    <message>
        <source>{rep}さんの代行 〜{last}</source>
        <translation>for {rep} until {last}</translation>
    </message>
    <message>
        <source>理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>流入経路</source>
        <translation>Lead source</translation>
    </message>
    <message>
        <source>反応あり</source>
        <translation>Signal</translation>
    </message>
    <message>
        <source>{span} 超過</source>
        <translation>{span} over</translation>
    </message>
    <message>
        <source>残り {span}</source>
        <translation>{span} left</translation>
    </message>
    <message>
        <source>復帰</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>再 {n}/{cap}</source>
        <translation>Try {n}/{cap}</translation>
    </message>
    <message>
        <source>氏名不明</source>
        <translation>Name unknown</translation>
    </message>
    <message>
        <source>保留中: {why}</source>
        <translation>On hold: {why}</translation>
    </message>
    <message>
        <source>次は{action}</source>
        <translation>next: {action}</translation>
    </message>
    <message>
        <source>架電 {n}/{cap}回</source>
        <translation>{n} of {cap} dials</translation>
    </message>
    <message>
        <source>優先度 {n}</source>
        <translation>Priority {n}</translation>
    </message>
    <message>
        <source>、</source>
        <translation>, </translation>
    </message>
    <message>
        <source>。</source>
        <translation>.</translation>
    </message>
    <message>
        <source>はい</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>いいえ</source>
        <translation>No</translation>
    </message>
    <message>
        <source>{n}件</source>
        <translation>{n} items</translation>
    </message>
    <message>
        <source>送信待ち</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>送るか確認</source>
        <translation>Send?</translation>
    </message>
    <message>
        <source>送信中</source>
        <translation>Leaving</translation>
    </message>
    <message>
        <source>送信済み</source>
        <translation>Sent</translation>
    </message>
    <message>
        <source>不明(要確認)</source>
        <translation>In doubt</translation>
    </message>
    <message>
        <source>失敗</source>
        <translation>Failed</translation>
    </message>
    <message>
        <source>送信中止</source>
        <translation>Stopped</translation>
    </message>
    <message>
        <source>取り消し</source>
        <translation>Cancelled</translation>
    </message>
</context>
<context>
    <name>words.self</name>
    <message>
        <source>優先度</source>
        <translation>Priority</translation>
    </message>
</context>
</TS>
